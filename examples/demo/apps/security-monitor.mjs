/** Stands for a service that watches logins: failures with their attempts, and an alert now and then. */
import { chance, emit, rounded } from "./emit.mjs";

const next = chance(13);
const users = ["anna", "root", "deploy", "minsu"];

await emit((n) => {
  if (n % 10 === 9) return alert();
  return n % 3 === 2 ? loginFailure(n) : loginSuccess(n);
});

function event(level, type, message, metadata, tags) {
  const timestamp = new Date().toISOString();
  return {
    category: "tagged",
    level,
    component: "security",
    event_type: type,
    message,
    metadata,
    tags,
    timestamp,
  };
}

function loginSuccess(n) {
  const user = users[n % users.length];
  return {
    ...event("INFO", "auth_success", `${user} logged in`, { user, source_ip: address() }, ["auth"]),
    category: "raw",
  };
}

function loginFailure(n) {
  const user = users[n % users.length];
  // The token is here to be seen redacted in the files.
  const metadata = {
    user,
    attempts: 1 + Math.floor(next() * 8),
    source_ip: address(),
    token: "demo-not-a-secret",
  };
  return event("WARNING", "auth_failure", `login failed for ${user}`, metadata, ["security", "auth"]);
}

function alert() {
  const metadata = { alert_type: "anomaly", score: rounded(0.8 + next() * 0.2, 3), source_ip: address() };
  return event("CRITICAL", "security_alert", "unusual access pattern", metadata, ["security", "alert"]);
}

/** From the range that is set aside for documentation (RFC 5737). */
function address() {
  return `203.0.113.${1 + Math.floor(next() * 254)}`;
}
