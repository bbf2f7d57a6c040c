#!/bin/sh
# The rig's kubectl beside the program: tests/parity.
exec sh tests/parity/parity.sh
