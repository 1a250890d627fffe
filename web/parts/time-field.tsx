interface TimeFieldProps {
  readonly name: "since" | "until";
  /** As it stands in the address. */
  readonly value: string;
  /** What counts while nothing is said. */
  readonly usual: string;
  readonly onChange: (value: string) => void;
}

/** From or up to when: `2d`, `24h`, or a time such as `2026-01-31T12:00:00Z`. */
export function TimeField({ name, value, usual, onChange }: TimeFieldProps) {
  return (
    <label>
      {name}{" "}
      <input
        value={value}
        placeholder={usual}
        size={12}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
