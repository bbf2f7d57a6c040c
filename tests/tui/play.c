/* Plays keys on the live screen of the demo cluster and prints what it shows: `play 80x24 [-U] [-C] [-2] [-A] [-K] [-s] KEYS`.
 * -U ASCII, -C no colours, -2 two contexts, -A actions allowed, -K usage from the kubelets, -s also the styles. */
#include <stdio.h>
#include <string.h>

#include "stage.h"

int main(int argc, char **argv)
{
	struct stage_options options = { 0 };
	bool with_styles = false;
	struct stage stage;
	int i = 2;

	if (argc < 2 || sscanf(argv[1], "%dx%d", &options.columns, &options.rows) != 2) {
		fprintf(stderr, "usage: play COLUMNSxROWS [-U] [-C] [-2] [-A] [-K] [-s] [KEYS]\n");
		return 2;
	}
	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		options.is_ascii |= strcmp(argv[i], "-U") == 0;
		options.is_mono |= strcmp(argv[i], "-C") == 0;
		options.is_double |= strcmp(argv[i], "-2") == 0;
		options.allows_actions |= strcmp(argv[i], "-A") == 0;
		options.asks_kubelets |= strcmp(argv[i], "-K") == 0;
		with_styles |= strcmp(argv[i], "-s") == 0;
	}
	stage_open(&stage, options);
	if (i < argc)
		stage_keys(&stage, argv[i]);
	fputs(stage_text(&stage), stdout);
	if (with_styles)
		printf("--- styles\n%s", stage_styles(&stage));
	stage_close(&stage);
	return 0;
}
