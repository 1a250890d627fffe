/** Lines of many hosts into one place: how many a second, what each part takes for it beside writing them where they are read, and what a kill costs. */
import { join } from "node:path";
import { collect } from "./backlog.mjs";
import { openEngine, printed } from "./engine.mjs";
import { recoveries } from "./hosts/recovery.mjs";
import { forward } from "./hosts/throughput.mjs";
import { linesFile } from "./lines.mjs";
import { median, table } from "./pairs.mjs";

export const title = "hosts: one, two and four forwarders, NATS and a consumer, against writing locally";

const ROUNDS = 3;

export async function measure({ quick, scratch, say, findProgram }) {
  if (findProgram("nats-server") === undefined) {
    say("there is no nats-server: left out");
    return;
  }
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  try {
    const rounds = Number(process.env.ROUNDS ?? (quick ? 1 : ROUNDS));
    await measureThroughput(engine, { count: quick ? 50_000 : 200_000, rounds, scratch, say });
    await measureRecovery(engine, { scratch, say });
  } finally {
    await engine.close();
  }
}

async function measureThroughput(engine, { count, rounds, scratch, say }) {
  const container = await printed(engine.docker, await linesFile(scratch, count));
  const folder = join(scratch, "hosts");
  const ways = {
    "written locally": () => collect(engine, { logDir: join(scratch, "local"), count }),
    "1 forwarder": () => forward(engine, { folder, count, hosts: 1 }),
    "2 forwarders": () => forward(engine, { folder, count, hosts: 2 }),
    "4 forwarders": () => forward(engine, { folder, count, hosts: 4 }),
    "1, first all into the stream": () => forward(engine, { folder, count, hosts: 1, apart: true }),
  };
  const found = new Map(Object.keys(ways).map((way) => [way, []]));
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const [way, run] of Object.entries(ways)) found.get(way).push(await run());
  } finally {
    await container.remove({ force: true });
  }
  const rows = [...found].map(([way, runs]) => {
    const lines = count * (Number(/^(\d) forwarders/.exec(way)?.[1]) || 1);
    const of = (figure) => median(runs.map((run) => run[figure] ?? Number.NaN));
    const each = (figure) => ((of(figure) / lines) * 1e6).toFixed(1);
    const cpu = ["engineS", "forwarderS", "natsS"].map(each);
    const storing = each(way === "written locally" ? "cpuS" : "consumerS");
    return [
      way,
      Math.round(lines / of("wallS")),
      ...cpu,
      storing,
      ...["forwarderMb", "natsMb"].map((mb) => of(mb).toFixed(0)),
      of(way === "written locally" ? "peakMb" : "consumerMb").toFixed(0),
    ];
  });
  const head = [`${count} lines a host`, "lines/s", "engine", "forwarder", "NATS", "storing"];
  say("CPU in µs a line; peak MB");
  say(table([...head, "forwarder MB", "NATS MB", "storing MB"], rows));
  const apart = found.get("1, first all into the stream");
  const { bytes, messages } = apart[0].state;
  say(
    `into the stream ${Math.round(count / median(apart.map(({ forwardS }) => forwardS)))} lines/s, where they take ` +
      `${(bytes / count).toFixed(1)} bytes each, ${Math.round(count / messages)} in a message`,
  );
}

async function measureRecovery(engine, { scratch, say }) {
  const rows = (await recoveries(engine, join(scratch, "recovery"))).map(([what, waits]) => [
    what,
    (median(waits) / 1000).toFixed(2),
    (Math.max(...waits) / 1000).toFixed(2),
  ]);
  say(table(["the longest that a line waited until it could be read, s", "median", "most"], rows));
}
