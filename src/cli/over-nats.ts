// A module that can be reached in one more way is put into one more file of the program (scripts/bundle.mjs): with the sidecar itself
// reached too, nothing of it is, and a process that may have few files open can still load it all.
import "../sidecar.js";

/** All that talks to NATS: loaded at once, and only when it is asked for. */
export { examineNats } from "../doctor/nats.js";
export { NatsSource } from "../sources/nats/nats-source.js";
export { createForwarderBeside } from "./create-forwarder.js";
export { forward } from "./forward.js";
export { initNats } from "./nats-init.js";
