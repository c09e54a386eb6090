#!/bin/sh
# The bucket of the store, at the SeaweedFS master that MASTER names. Doing it again changes nothing.
set -eu

shell() { echo "$1" | weed shell -master="$MASTER"; }

shell s3.bucket.list | grep -qw simcne || shell 's3.bucket.create -name simcne'
