/** What is loaded when the first request comes (later.ts). */
export { FORWARDER_ROUTES, ROUTES } from "./routes/routes.js";
export { createServer } from "./server.js";
