/* Writes the demo cluster's YAML files as one C array of JSON, one object a line: what takes time to parse is parsed
 * when the program is built. Order and content alone decide the result. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/yaml.h"

enum { MAX_OBJECT = 1 << 20, BYTES_A_LINE = 32 };

static long read_file(void *context, void *bytes, size_t size, struct error *err)
{
	size_t got = fread(bytes, 1, size, context);

	return got == 0 && ferror((FILE *)context) ? error_set(err, ERROR_FAILED, "cannot be read") : (long)got;
}

static int add_file(FILE *file, struct buffer *json, struct error *err)
{
	struct yaml_reader *reader = yaml_reader_new(read_file, file, "items");
	AUTO_ARENA arena = { 0 };
	struct yaml_node *node;
	struct yaml_head head;
	int result;

	while ((result = yaml_reader_next(reader, &arena, &node, &head, err)) > 0) {
		if (yaml_to_json(node, json->length + MAX_OBJECT, json, err) < 0) {
			result = -1;
			break;
		}
		buffer_add_char(json, '\n');
		arena_reset(&arena);
	}
	yaml_reader_free(reader);
	return result;
}

static void print(const struct buffer *json)
{
	puts("/* Made by demo/embed.c. */\n#include \"clusterutils/demo/demo.h\"\nconst unsigned char demo_data[] = {");
	for (size_t i = 0; i < json->length; i++)
		printf("%d,%s", (unsigned char)json->bytes[i], i % BYTES_A_LINE == BYTES_A_LINE - 1 ? "\n" : "");
	puts("};\nconst unsigned long demo_data_size = sizeof(demo_data);");
}

int main(int argc, char **argv)
{
	AUTO_BUFFER json = { 0 };
	struct error err;

	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");
		int result = file ? add_file(file, &json, &err) : error_set(&err, ERROR_FAILED, "cannot be opened");

		if (file)
			fclose(file);
		if (result < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], err.message);
			return 1;
		}
	}
	print(&json);
	return 0;
}
