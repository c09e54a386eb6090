// Adding the search attributes that a namespace lacks, on the embedded server as on a cluster.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from './search-attributes.ts';
import { TemporalConfiguration } from './temporal-config.ts';

const types = {
  Keyword: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Double: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
};
const [invalidArgument, permissionDenied, unimplemented] = [3, 7, 12]; // of gRPC

const knownWithinMs = 60_000; // servers look at a namespace's attributes every ten seconds
const askEveryMs = 500;

/**
 * Adds the attributes that the namespace lacks, and waits until they can be used. A server that does not let its attributes
 * be listed (Temporal Cloud) is taken to have them.
 * @throws TemporalConfiguration where one has another type, or may not be added; the message gives the command for an administrator
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace }).catch(error => {
    if ([permissionDenied, unimplemented].includes(error.code)) return undefined;
    throw error;
  });
  if (!listed) return;
  const present: Record<string, number> = listed.customAttributes;
  const missing = Object.entries(searchAttributes).filter(([name]) => !(name in present));
  for (const [name, type] of Object.entries(searchAttributes)) {
    if (name in present && present[name] !== types[type]) {
      throw new TemporalConfiguration(
        `namespace ${namespace}: search attribute ${name} must be of type ${type}, it is of another; use another namespace (TEMPORAL_NAMESPACE)`,
      );
    }
  }
  if (missing.length === 0) return;
  const attributes = Object.fromEntries(missing.map(([name, type]) => [name, types[type]]));
  await connection.operatorService
    .addSearchAttributes({ namespace, searchAttributes: attributes })
    .catch(error => {
      const command = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
      throw new TemporalConfiguration(
        `namespace ${namespace}: the search attributes ${missing.map(([name]) => name).join(', ')} are missing and could not be added ` +
          `(${error.details ?? error.message}); let an administrator run "temporal operator search-attribute create --namespace ${namespace} ${command}"`,
      );
    });
  await untilKnown(connection, namespace, Object.keys(attributes));
}

/** What was added is there at once, but a server goes by what it read of the namespace a while ago. */
async function untilKnown(connection: Connection, namespace: string, names: string[]): Promise<void> {
  const query = names.map(name => `${name} IS NULL`).join(' AND ');
  for (const deadline = Date.now() + knownWithinMs; ; await sleep(askEveryMs)) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      if ((error as { code: number }).code !== invalidArgument || Date.now() > deadline) throw error;
    }
  }
}
