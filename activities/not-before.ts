// The clocks of hosts differ: what one has asked for may lie in the future of another.

/** Now, as an ISO time; and, whatever this host's clock says, not before what was asked for by the clock of another. */
export function notBefore(asked = ''): string {
  const now = new Date().toISOString();
  return now < asked ? asked : now;
}
