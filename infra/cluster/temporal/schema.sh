#!/bin/sh
# The two databases of a Temporal server, made or brought to the version of the tool at hand. Needs SQL_PLUGIN, SQL_HOST,
# SQL_USER, SQL_PASSWORD (as temporal-sql-tool reads them). Doing it again changes nothing.
set -eu

for database in temporal temporal_visibility; do
  case $database in
    temporal) schema=postgresql/v12/temporal ;;
    temporal_visibility) schema=postgresql/v12/visibility ;;
  esac
  export SQL_DATABASE=$database
  temporal-sql-tool create-database
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "$schema"
done
