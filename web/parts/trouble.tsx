import { useState } from "preact/hooks";
import { ApiError, setToken } from "../api.js";

/** What went wrong, and what to do; a small sign-in where a token is missing. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (error instanceof ApiError && error.status === 401) return <SignIn error={error} onDone={onRetry} />;
  const isAway = !(error instanceof ApiError);
  return (
    <div class="trouble" role="alert">
      <p>
        {isAway ? "The sidecar does not answer. This page goes on by itself when it does." : error.message}
      </p>
      {!isAway && error.remedy !== "" && <p>{error.remedy}</p>}
      <button type="button" onClick={onRetry}>
        try again
      </button>
    </div>
  );
}

function SignIn({ error, onDone }: { readonly error: ApiError; readonly onDone: () => void }) {
  const [token, setText] = useState("");
  return (
    <form
      class="trouble"
      onSubmit={(event) => {
        event.preventDefault();
        setToken(token);
        onDone();
      }}
    >
      <p>{error.message} It is kept for this tab only.</p>
      <label>
        SIDECAR_HTTP_TOKEN{" "}
        <input
          type="password"
          autocomplete="off"
          value={token}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>{" "}
      <button type="submit">sign in</button>
    </form>
  );
}
