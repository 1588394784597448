#!/bin/bash
# Certificates for the KurrentDB nodes, under an authority made here: what is missing, and node certificates of over a year.
# /authority keeps its key, /trust what clients need, /nodes a folder for each node, readable by KurrentDB's user (1000).
set -euo pipefail
if [ ! -f /authority/ca/ca.key ]; then
  es-gencert-cli create-ca -days 3650 -out /authority/ca
fi
install -m 644 /authority/ca/ca.crt /trust/ca.crt
for node in kurrentdb-1 kurrentdb-2 kurrentdb-3; do
  if [ -n "$(find "/nodes/$node/node.crt" -mtime -365 2>/dev/null)" ]; then continue; fi
  rm -rf "/nodes/$node"
  es-gencert-cli create-node -ca-certificate /authority/ca/ca.crt -ca-key /authority/ca/ca.key -days 730 \
    -out "/nodes/$node" -ip-addresses 127.0.0.1 -dns-names "$node,localhost"
  chown -R 1000:1000 "/nodes/$node"
  chmod 400 "/nodes/$node/node.key"
done
