// What can go wrong with a bucket, by name. The messages hold nothing of what the client says but the name of its error: its
// errors carry requests and answers with them, and those are nobody's business but the server's.

/** SIMCNE_STORE cannot be understood, or lacks what the client needs to know. */
export class InvalidStore extends Error {
  override name = 'InvalidStore';
}

/** The server answers, and has no such bucket. */
export class NoSuchBucket extends Error {
  override name = 'NoSuchBucket';
}

/** There are no credentials, or the server does not let them do this. */
export class StoreDenied extends Error {
  override name = 'StoreDenied';
}

/** The server could not be reached, or could not do it now; tried again, as that may pass. */
export class StoreUnreachable extends Error {
  override name = 'StoreUnreachable';
}

interface ClientError {
  name: string;
  message: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  /** Where it could not be read. */
  $response?: { statusCode?: number };
}

/** The HTTP status of the answer that an error of the S3 client is about, if there was one. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata, $response } = error as ClientError;
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

/** The named error for what the S3 client threw while it did something (`reading x`); an error of another origin as it is. */
export function explainObjectError(error: unknown, address: string, doing: string): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, code } = error as ClientError;
  const status = statusOf(error);
  const said = code ?? (status ? `${name}, status ${status}` : name);
  if (message.startsWith('Region ')) {
    return new InvalidStore(
      `${address}: there is no region, or none that can be; set AWS_REGION ("us-east-1" will do for a server that has none)`,
    );
  }
  if (name === 'CredentialsProviderError' || status === 401 || status === 403) {
    return new StoreDenied(
      `${address}: ${doing} was denied (${said}); check the credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE) and that they may list, get, put and delete there`,
    );
  }
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName' || status === 301) {
    return new NoSuchBucket(
      `${address}: the server has no such bucket (${said}); make it, or correct SIMCNE_STORE, AWS_ENDPOINT_URL_S3 or AWS_REGION`,
    );
  }
  if (status === undefined && !isOfNetwork(name, code)) return error;
  return new StoreUnreachable(
    `${address}: ${doing} failed (${said}); what was made is kept here, and the same command goes on once the server answers`,
  );
}

const networkCodes =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_|EPROTO|ERR_STREAM_PREMATURE_CLOSE|ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/;

function isOfNetwork(name: string, code: string | undefined): boolean {
  return name === 'TimeoutError' || networkCodes.test(code ?? '');
}
