/**
 * Named places where a crash would hurt most. In production `faultPoint` does nothing and cannot be made to:
 * only a test program that imports this module can set the hook.
 */
type FaultHook = (point: string) => void;

let hook: FaultHook | undefined;

export function faultPoint(point: string): void {
  if (hook !== undefined) hook(point);
}

/** For test programs only: calls `next` at each fault point that is passed. */
export function onFaultPoint(next: FaultHook | undefined): void {
  hook = next;
}
