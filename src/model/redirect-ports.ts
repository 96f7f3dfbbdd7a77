// The loopback ports of every provider that compares ports: registered once, the first free one is used.

/** No IANA assignment (2026-11); three, so that two programs in the way do not stop a sign-in. */
export const registeredPorts: readonly number[] = [8252, 8253, 8254];
