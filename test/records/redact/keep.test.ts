import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/config/load.js";
import { createRedact } from "../../../src/records/redact/redact.js";
import { sampleContainer } from "../samples.js";
import { CARD, GITHUB } from "./cases.js";

function redacting(redactKeep: string) {
  const settings = loadSettings({
    env: { SIDECAR_REDACT_KEEP: redactKeep },
    flags: {},
    configFile: undefined,
  });
  const redact = createRedact(settings, () => undefined);
  return (text: string, over = {}) => redact?.(text, sampleContainer(over));
}

describe("names that are kept", () => {
  it.each(["auction_token, refId", "[auction_token, refId]", '["auctionToken","REF_ID"]'])(
    "as %s",
    (setting) => {
      const redact = redacting(setting);
      for (const text of [
        '{"auctionToken":"a1-b2","deep":[{"AUCTION_TOKEN":"c3"}]}',
        "auction_token=a1-b2 done",
        `{"ref_id":${CARD}}`,
        "<auctionToken>a1-b2</auctionToken>",
        '{"name":"AUCTION_TOKEN","value":"a1-b2"}',
        '["auction_token","a1-b2"]',
        "run --auction-token a1-b2",
      ])
        expect(redact(text)).toBe(text);
    },
  );

  it("are whole names, and hide no key that is known by its form", () => {
    const redact = redacting("auction_token");
    expect(redact('{"my_auction_token":"a1-b2","token":"c3"}')).toBe(
      '{"my_auction_token":"[redacted]","token":"[redacted]"}',
    );
    expect(redact(`auction_token=${GITHUB}`)).toBe("auction_token=[redacted]");
    expect(redact(`{"auction_token":"${GITHUB}"}`)).toBe('{"auction_token":"[redacted]"}');
  });

  it("count for one component: the label's, else the line's own, else the container's", () => {
    const redact = redacting("[{component: desk, names: [session_key]}, auction_token]");
    const line = (component: string) =>
      `{"component":"${component}","session_key":"a1","auction_token":"b2"}`;
    const gone = line("api").replace('"a1"', '"[redacted]"');
    expect(redact(line("desk"))).toBe(line("desk"));
    expect(redact(line("api"))).toBe(gone);
    expect(redact("session_key=a1", { componentDefault: "desk" })).toBe("session_key=a1");
    expect(redact("session_key=a1")).toBe("session_key=[redacted]");
    expect(redact(line("api"), { componentLabel: "desk" })).toBe(line("api"));
    expect(redact(line("desk"), { componentLabel: "api" })).toBe(
      line("desk").replace('"a1"', '"[redacted]"'),
    );
  });

  it("are refused where they are no names", () => {
    expect(() => redacting("[{component: desk}]")).toThrow(/SIDECAR_REDACT_KEEP=.*expected a list of names/);
    expect(() => redacting("{a: 1}")).toThrow(/expected a list of names/);
  });
});
