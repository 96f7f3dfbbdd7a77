// The marks that a record carries of refreshes that were cut short or refused: one per role at most.

interface Mark {
  readonly role: string;
}

export function markOf<M extends Mark>(marks: readonly M[], role: string): M | undefined {
  return marks.find((mark) => mark.role === role);
}

export function withMark<M extends Mark>(marks: readonly M[], mark: M): readonly M[] {
  return [...withoutMark(marks, mark.role), mark];
}

export function withoutMark<M extends Mark>(marks: readonly M[], role: string): readonly M[] {
  return marks.filter((mark) => mark.role !== role);
}
