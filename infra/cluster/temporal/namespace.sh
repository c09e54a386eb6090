#!/bin/sh
# The namespace of TEMPORAL_NAMESPACE at TEMPORAL_ADDRESS, as soon as the server serves; its search attributes are added by the
# first command. Closed runs stay to be compared: a hundred years. Doing it again changes nothing.
set -eu

attempts=60
until temporal operator cluster health >/dev/null 2>&1; do
  attempts=$((attempts - 1))
  [ "$attempts" -gt 0 ] || { echo "Temporal at $TEMPORAL_ADDRESS does not serve" >&2; exit 1; }
  sleep 1
done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 36500d
