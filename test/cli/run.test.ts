import { expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import { loadSettings } from "../../src/config/load.js";

it.each([
  [
    "a store beside a forwarder that is not there",
    { SIDECAR_FORWARD_STORE: "true" },
    "docker",
    "--forward-store",
  ],
  ["forwarding what is no container's", { SIDECAR_FORWARD: "nats://10.0.0.1:4222" }, "stdin", "--forward"],
])("refuses %s, before anything is touched", async (_, env, source, named) => {
  const settings = loadSettings({ env, flags: {}, configFile: undefined });
  const asked = { settings, rulesDir: "/nowhere", source, command: [], tty: false, env: {} };
  await expect(run(asked)).rejects.toMatchObject({
    code: "SETTINGS_INVALID",
    message: expect.stringContaining(named),
  });
});
