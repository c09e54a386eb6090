// Places in a report page that a link can point to.

/** The id of a cell's panel: its address. */
export const cellId = (address: string): string => address;

/** The id of a row of the results table. */
export const rowId = (address: string): string => `row/${address}`;

/** The link to an id of the same page: `#bloodmnist/t-simcne/rot90/seed-1`. */
export function fragment(id: string): string {
  return `#${encodeURIComponent(id).replaceAll('%2F', '/')}`;
}
