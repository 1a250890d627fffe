import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parse } from "yaml";

const read = (name: string) =>
  parse(readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8"));
const { services } = read("docker-compose.sidecar.hardened.yml");
const allowed = new RegExp(`^${services["log-sidecar-engine"].environment.SP_ALLOW_GET}$`);
const id = "4f66ad9a0b2e".padEnd(64, "0");

it("lets the proxy allow what the sidecar asks, with and without a version in front", () => {
  for (const version of ["", "/v1.41", "/v1.24"]) {
    for (const path of [
      "/version",
      "/events",
      "/containers/json",
      `/containers/${id}/json`,
      "/containers/shop-api.1/logs",
      `/libpod/containers/${id}/json`,
    ])
      expect([version + path, allowed.test(version + path)]).toEqual([version + path, true]);
  }
});

it("lets it allow nothing else", () => {
  const others = [
    "/",
    "/info",
    "/versions",
    "/version/x",
    "/x/version",
    "/images/json",
    `/containers/${id}/archive`,
    `/containers/${id}/export`,
    `/containers/${id}/json/x`,
    `/containers/${id}/attach/ws`,
    `/containers/${id}/top`,
    "/containers/../images/json",
    "/containers/a/../b/archive",
    "/v1.41/v1.41/version",
    "/vx/version",
    "//version",
    "/secrets",
    "/libpod/info",
    `/libpod/containers/${id}/archive`,
    `/libpod/containers/${id}/logs`,
    "/version\n/info",
  ];
  for (const path of others) expect([path, allowed.test(path)]).toEqual([path, false]);
});

it("publishes HTTP on loopback alone, and keeps the network of one's own services apart", () => {
  const { services: base } = read("docker-compose.sidecar.yml");
  expect(base["log-sidecar"].ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  expect(base["log-sidecar"].networks).toEqual(["log-sidecar"]);
  expect(services["log-sidecar"].networks).not.toContain("default");
});

it("limits memory and processes of the sidecar, the forwarder and the proxy, and puts neither into a network of others", () => {
  const { "log-sidecar": plain, "log-sidecar-forwarder": forwarder } = read(
    "docker-compose.sidecar.yml",
  ).services;
  for (const service of [plain, forwarder, services["log-sidecar-engine"]])
    expect(service).toMatchObject({ mem_limit: expect.any(String), pids_limit: expect.any(Number) });
  const all: { networks: string[] }[] = [
    plain,
    forwarder,
    ...Object.values<{ networks: string[] }>(services),
  ];
  for (const { networks } of all) {
    expect(networks.length).toBeGreaterThan(0);
    expect(networks.filter((name: string) => !name.startsWith("log-sidecar"))).toEqual([]);
  }
});
