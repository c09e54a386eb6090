// Which Temporal server the environment names, as Temporal's own tools read it: TEMPORAL_ADDRESS, _NAMESPACE, _API_KEY and
// _TLS…, or a profile in Temporal's configuration file.
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';

/** What the environment says of the Temporal server cannot be right: a person must put it right. */
export class TemporalConfiguration extends Error {
  override name = 'TemporalConfiguration';
}

/** A server that runs somewhere. */
export interface NamedServer {
  /** As `temporal.example:7233`. */
  address: string;
  namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connectionOptions: NativeConnectionOptions & { address: string };
}

/** The namespace, and the server where one is named; without one it is the embedded server's. @throws TemporalConfiguration */
export function temporalConfig(): { namespace: string; named?: NamedServer } {
  const { connectionOptions, namespace = 'default' } = readConfig();
  const { address, tls, apiKey } = connectionOptions;
  if (address !== undefined)
    return { namespace, named: { address, namespace, connectionOptions: { ...connectionOptions, address } } };
  if (tls || apiKey !== undefined) {
    throw new TemporalConfiguration(
      'Temporal: TLS or an API key is set, and no address; set TEMPORAL_ADDRESS too, or unset TEMPORAL_TLS… and TEMPORAL_API_KEY to use the embedded server',
    );
  }
  return { namespace };
}

function readConfig(): ClientConnectConfig {
  const file = process.env.TEMPORAL_CONFIG_FILE;
  let config: ClientConnectConfig;
  try {
    config = loadClientConnectConfig();
  } catch (error) {
    throw new TemporalConfiguration(
      `Temporal: the settings of the environment${file ? ` and of ${file}` : ''} cannot be read (${(error as Error).message.split('\n')[0]}); check the TEMPORAL_… variables`,
    );
  }
  requirePair();
  return config;
}

/** The SDK passes over half a pair in silence; the server would then be told nothing of who asks. */
function requirePair(): void {
  const given = (part: string) =>
    process.env[`TEMPORAL_TLS_CLIENT_${part}_PATH`] ?? process.env[`TEMPORAL_TLS_CLIENT_${part}_DATA`];
  if ((given('CERT') === undefined) !== (given('KEY') === undefined)) {
    throw new TemporalConfiguration(
      'Temporal: a client certificate needs its key, and the key its certificate; set both TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH (or …_DATA)',
    );
  }
}
