// A worker's metrics for Prometheus: those of the Temporal SDK (waiting in queues, slots, failures) and those of the steps, which
// the SDK's exporter serves at /metrics.
import { DefaultLogger, type Logger, Runtime } from '@temporalio/worker';
import { type MetricsAddress, metricsAddressText } from './metrics-address.ts';

/** Starts the SDK's runtime, with the exporter where there is an address. A port that is taken costs the metrics, not the work. */
export function installRuntime(metrics: MetricsAddress | undefined): void {
  const logger = new DefaultLogger('WARN');
  if (!metrics || !installExporter(logger, metrics)) Runtime.install({ logger });
}

function installExporter(logger: Logger, metrics: MetricsAddress): boolean {
  const bindAddress = metricsAddressText(metrics);
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        metrics: {
          prometheus: {
            bindAddress,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
            histogramBucketOverrides: {
              simcne_checkpoint: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
              temporal_activity_schedule_to_start_latency: [0.1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600],
            },
          },
        },
      },
    });
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    process.stderr.write(`worker: no metrics at ${bindAddress} (${reason}); it goes on without\n`);
    return false;
  }
}
