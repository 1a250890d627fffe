export function findProgram(name: string): string | undefined;
export function findPython(): string | undefined;
export function findCompose(): readonly string[] | undefined;
