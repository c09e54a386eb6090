// A Temporal server that runs somewhere: connected to, its namespace found, or said what is wrong and how to put it right.
import { Connection } from '@temporalio/client';
import { connectionFault } from './connection-fault.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { type NamedServer, TemporalConfiguration } from './temporal-config.ts';

const notFound = 5;
const refused = [7, 16]; // gRPC's PERMISSION_DENIED and UNAUTHENTICATED

/** Makes the server ready for us: its namespace is there, with our search attributes. @throws with what to do */
export async function prepareNamed(server: NamedServer): Promise<void> {
  const connection = await connectNamed(server);
  try {
    await ensureSearchAttributes(connection, server.namespace);
  } catch (error) {
    throw error instanceof TemporalConfiguration
      ? error
      : new Error(`Temporal at ${server.address} does not do what is asked: ${wordsOf(error)}`);
  } finally {
    await connection.close();
  }
}

/**
 * A connection to the server, which has the namespace.
 * @throws TemporalConfiguration where a setting is wrong, another error where the server may yet come
 */
export async function connectNamed(server: NamedServer): Promise<Connection> {
  const connection = await Connection.connect({ connectTimeout: '5s', ...server.connectionOptions }).catch(
    async error => {
      throw isRefusal(error) ? refusal(server, error) : await unreachable(server, error);
    },
  );
  try {
    await connection.workflowService.describeNamespace({ namespace: server.namespace });
    return connection;
  } catch (error) {
    await connection.close();
    throw isRefusal(error) ? refusal(server, error) : namespaceFault(server, error);
  }
}

function isRefusal(error: unknown): boolean {
  return refused.includes(answerOf(error).code);
}

function refusal({ address, namespace }: NamedServer, error: unknown): Error {
  return new TemporalConfiguration(
    `Temporal at ${address} refuses access to namespace ${namespace} (${wordsOf(error)}); check TEMPORAL_API_KEY or the client certificate, and what they allow`,
  );
}

async function unreachable(server: NamedServer, error: unknown): Promise<Error> {
  const { reason, isConfiguration } = await connectionFault(server);
  const message =
    `Temporal at ${server.address} cannot be reached (${reason}; ${wordsOf(error)}); ` +
    'check TEMPORAL_ADDRESS, TLS and API key, or unset it to use the embedded server';
  return isConfiguration ? new TemporalConfiguration(message) : new Error(message);
}

function namespaceFault({ address, namespace }: NamedServer, error: unknown): Error {
  if (answerOf(error).code !== notFound) {
    return new Error(`Temporal at ${address} says nothing of namespace ${namespace}: ${wordsOf(error)}`);
  }
  return new TemporalConfiguration(
    `Temporal at ${address} has no namespace ${namespace}; let an administrator run ` +
      `"temporal operator namespace create --namespace ${namespace} --retention 36500d", or name another in TEMPORAL_NAMESPACE`,
  );
}

function wordsOf(error: unknown): string {
  const { details, message } = answerOf(error);
  return details || message;
}

/** gRPC's own error: the SDK keeps that of its first call in the cause of another. */
function answerOf(error: unknown): { code: number; details?: string; message: string } {
  const { cause } = error as { cause?: unknown };
  return (cause ?? error) as ReturnType<typeof answerOf>;
}
