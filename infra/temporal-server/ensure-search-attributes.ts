// Adding the search attributes that a namespace lacks, on the embedded server as on a cluster.
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from './search-attributes.ts';

const types = {
  Keyword: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Double: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
};

/**
 * Adds the attributes that the namespace lacks. A server that does not let its attributes be listed (Temporal Cloud)
 * is taken to have them.
 * @throws where one has another type, or may not be added; the message gives the command for an administrator
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace }).catch(error => {
    if (isDenied(error)) return undefined;
    throw error;
  });
  if (!listed) return;
  const present: Record<string, number> = listed.customAttributes;
  const missing = Object.entries(searchAttributes).filter(([name]) => !(name in present));
  for (const [name, type] of Object.entries(searchAttributes)) {
    if (name in present && present[name] !== types[type]) {
      throw new Error(
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
      throw new Error(
        `namespace ${namespace}: the search attributes ${missing.map(([name]) => name).join(', ')} are missing and could not be added ` +
          `(${error.details ?? error.message}); let an administrator run "temporal operator search-attribute create --namespace ${namespace} ${command}"`,
      );
    });
}

/** gRPC's PERMISSION_DENIED and UNIMPLEMENTED. */
function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 7 || code === 12;
}
