/** What is loaded of this folder where lines come from an engine, and by commands that ask one: Docker's client takes long to load. */
export { DockerSource } from "./docker-source.js";
export { readEngineAddress } from "./engine.js";
export { listWatched } from "./held-lines.js";
