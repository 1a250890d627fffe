import type { Container } from "../../src/core/container.js";
import type { Line, StreamName } from "../../src/core/line.js";

export function sampleContainer(over: Partial<Container> = {}): Container {
  return {
    id: "c".repeat(64),
    name: "shop-api-1",
    image: "shop/api:1.2",
    labels: {},
    composeProject: "shop",
    composeService: "api",
    componentLabel: undefined,
    componentDefault: "api",
    minLevel: undefined,
    format: undefined,
    multiline: undefined,
    ...over,
  };
}

export function sampleLine(text: string, stream: StreamName = "stdout"): Line {
  return {
    ts: "2026-01-31T12:00:00.123456789Z",
    stream,
    text,
    lines: text.split("\n").length,
    truncated: false,
    replaced: false,
  };
}
