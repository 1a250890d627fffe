import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCidr } from "../../../src/rules/match/cidr.js";

test.each([
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.7", "10.0.0.7", true],
  ["10.9.9.9/8", "10.0.0.1", true],
  ["0.0.0.0/0", "203.0.113.9", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["::/0", "2001:db8::1", true],
  ["::1/128", "0:0:0:0:0:0:0:1", true],
  ["2001:db8::/32", "2001:DB8:0::1", true],
  ["::ffff:0:0/96", "192.0.2.1", true],
  ["192.0.2.0/24", "::ffff:192.0.2.1", true],
  ["fe80::/10", "fe80::1%eth0", true],
  ["::/1", "10.0.0.1", false],
  ["::/0", "10.0.0.1", false],
  ["::/95", "10.0.0.1", false],
  ["::/1", "::ffff:10.0.0.1", true],
  ["10.0.0.0/8", "10.0.0.1:80", false],
  ["10.0.0.0/8", "010.0.0.1", false],
  ["10.0.0.0/8", "10.0.0", false],
  ["10.0.0.0/8", "10.0.0.256", false],
  ["10.0.0.0/8", "", false],
  ["::/0", "1::2::3", false],
  ["::/0", "1:2:3:4:5:6:7", false],
  ["::/0", "1:2:3:4:5:6:7:8:9", false],
  ["::/0", "12345::", false],
  ["::/0", ":::", false],
  ["::/0", "1:", false],
])("%s holds %s: %s", (network, address, inside) => {
  expect(compileCidr(network)!(address)).toBe(inside);
});

test.each([
  "",
  "10.0.0.0/33",
  "::/129",
  "10.0.0/8",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "x",
  "fe80::1%eth0/10",
  "10.*",
])("%s is no network", (network) => {
  expect(compileCidr(network)).toBeUndefined();
});

test("agrees with Node's own block lists", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, fc.nat(128), address, (network, length, other) => {
      const family = isIP(network) === 4 ? "ipv4" : "ipv6";
      const bits = family === "ipv4" ? length % 33 : length;
      const list = new BlockList();
      list.addSubnet(network, bits, family);
      const test = compileCidr(`${network}/${bits}`)!;
      expect(test(network)).toBe(true);
      if (isIP(other) === isIP(network)) expect(test(other)).toBe(list.check(other, family));
    }),
    { numRuns: 1500 },
  );
});

test("reads every address that Node takes for one, and no other text", () => {
  const everything = [compileCidr("0.0.0.0/0")!, compileCidr("::/0")!];
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom(..."0123afg:.%"), maxLength: 20 }),
  );
  fc.assert(
    fc.property(text, (written) => {
      const address = written.split("%")[0]!;
      const wanted = isIP(address) > 0 && (isIP(address) === 6 || address === written);
      expect(everything.some((test) => test(written))).toBe(wanted);
    }),
    { numRuns: 3000 },
  );
});
