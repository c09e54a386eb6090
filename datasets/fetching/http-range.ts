// HTTP range requests (RFC 9110, section 14): asking for the rest of a file, and trusting no answer that is not just that.

/** Asks for what follows the first `begun` bytes, only if the file is still the one that `validator` stands for. */
export function rangeHeaders(begun: number, validator: string | undefined): Record<string, string> {
  const headers = { 'accept-encoding': 'identity' }; // a compressed body would have other offsets
  if (begun === 0) return headers;
  return { ...headers, range: `bytes=${begun}-`, ...(validator && { 'if-range': validator }) };
}

/** What tells this version of the file from others: a strong entity tag, or else its date. */
export function validatorOf({ headers }: Response): string | undefined {
  const tag = headers.get('etag');
  return tag && !tag.startsWith('W/') ? tag : (headers.get('last-modified') ?? undefined);
}

/**
 * Where the body of an answer starts in the file, and how long the file is, where said; `undefined` where it continues
 * something else than the `begun` bytes. `start` = `total` where nothing is missing.
 */
export function acceptedRange(
  response: Response,
  begun: number,
  validator: string | undefined,
): { start: number; total?: number } | undefined {
  const { status, headers } = response;
  if (status === 200) return { start: 0, total: lengthOf(headers) };
  const [, from, , length] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  const total = length === undefined || length === '*' ? undefined : Number(length);
  if (status === 416) return total === begun ? { start: begun, total } : undefined;
  const isSame = !validator || !validatorOf(response) || validatorOf(response) === validator;
  return isSame && Number(from) === begun ? { start: begun, total } : undefined;
}

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}
