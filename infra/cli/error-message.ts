// What an error says to a person, in one message.

/** The SDK's errors on a call to the server ("Failed to start Workflow") keep its words in their cause. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { details?: string } };
  return cause?.details ? `${error.message}: ${cause.details}` : error.message;
}
