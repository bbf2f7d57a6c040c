#!/bin/sh
# Writes the demo cluster's YAML files, one after another, as one C array. Order and bytes alone decide the result.
set -eu
echo '/* Made by demo/embed.sh. */'
echo '#include "clusterutils/kube/demo.h"'
echo 'const unsigned char demo_data[] = {'
for file; do
	printf '%s\n' '---' | cat - "$file"
done | od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$/,/'
echo '};'
echo 'const unsigned long demo_data_size = sizeof(demo_data);'
