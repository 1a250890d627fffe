/** A test of the text of an address. */
type AddressTest = (text: string) => boolean;

/** The eight groups of the address that was parsed last; one array, so that a test allocates nothing. */
const parsed = new Uint16Array(8);

/**
 * Compiles a network (`10.0.0.0/8`, `fe80::/10`, or one address) into a test. IPv4 is held as IPv6's ::ffff:0:0/96,
 * so an IPv4 address that a dual-stack socket prints as `::ffff:10.1.2.3` is in 10.0.0.0/8 too. Bits of the host
 * in the network are ignored. A network of IPv6 that is wider than that (`::/1`) holds no IPv4 address. Undefined when the text is no network; what is no address is in no network.
 */
export function compileCidr(network: string): AddressTest | undefined {
  const slash = network.indexOf("/");
  const address = slash < 0 ? network : network.slice(0, slash);
  if (address.includes("%") || !parseAddress(address)) return undefined;
  const isV4 = !address.includes(":");
  const widest = isV4 ? 32 : 128;
  const length = slash < 0 ? "" : network.slice(slash + 1);
  if (slash >= 0 && (!/^\d{1,3}$/.test(length) || Number(length) > widest)) return undefined;
  const bits = (slash < 0 ? widest : Number(length)) + (isV4 ? 96 : 0);
  const masks = Array.from({ length: 8 }, (_, group) => {
    const left = Math.min(16, Math.max(0, bits - group * 16));
    return (0xffff << (16 - left)) & 0xffff;
  });
  const wanted = masks.map((mask, group) => parsed[group]! & mask);
  const isV6Alone = bits < 96;
  return (text) => {
    if ((isV6Alone && !text.includes(":")) || !parseAddress(text)) return false;
    for (let group = 0; group < 8; group++) {
      if ((parsed[group]! & masks[group]!) !== wanted[group]) return false;
    }
    return true;
  };
}

/** Reads an address into `parsed`; false when the text is none. A zone (`%eth0`) is passed over. */
function parseAddress(text: string): boolean {
  if (text.length < 2 || text.length > 64) return false;
  if (!text.includes(":")) {
    parsed.fill(0, 0, 5);
    parsed[5] = 0xffff;
    return parseV4(text, 0, 6);
  }
  const zone = text.indexOf("%");
  return parseV6(zone < 0 ? text : text.slice(0, zone));
}

/** Four decimal numbers without leading zeros, from `at` to the end, into two groups. */
function parseV4(text: string, at: number, group: number): boolean {
  let place = at;
  for (let part = 0; part < 4; part++) {
    const start = place;
    let value = 0;
    for (let digit = digitAt(text, place); digit >= 0 && digit < 10; digit = digitAt(text, place)) {
      if (place - start >= 3 || (place > start && value === 0)) return false;
      value = value * 10 + digit;
      place++;
    }
    if (place === start || value > 255) return false;
    if (part < 3 && text[place++] !== ".") return false;
    const target = group + (part >> 1);
    parsed[target] = part % 2 === 0 ? value << 8 : parsed[target]! | value;
  }
  return place === text.length;
}

/** RFC 4291, section 2.2: hexadecimal groups, one `::` at most, perhaps an IPv4 address at the end. */
function parseV6(text: string): boolean {
  let groups = 0;
  let gap = -1;
  let place = 0;
  if (text.startsWith("::")) {
    gap = 0;
    place = 2;
  }
  while (place < text.length) {
    if (groups === 8) return false;
    const end = text.indexOf(":", place);
    if (end < 0 && text.includes(".", place)) {
      if (groups > 6 || !parseV4(text, place, groups)) return false;
      groups += 2;
      place = text.length;
      break;
    }
    const stop = end < 0 ? text.length : end;
    if (stop === place || stop - place > 4) return false;
    let value = 0;
    for (; place < stop; place++) {
      const digit = digitAt(text, place);
      if (digit < 0) return false;
      value = value * 16 + digit;
    }
    parsed[groups++] = value;
    if (end < 0) break;
    place = end + 1;
    if (text[place] === ":") {
      if (gap >= 0) return false;
      gap = groups;
      place++;
    } else if (place === text.length) return false;
  }
  if (gap < 0) return groups === 8;
  if (groups === 8) return false;
  parsed.copyWithin(8 - (groups - gap), gap, groups);
  parsed.fill(0, gap, 8 - (groups - gap));
  return true;
}

/** The value of the hexadecimal digit there, or -1. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 && code >= 65 ? letter - 87 : -1;
}
