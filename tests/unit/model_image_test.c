#include "clusterutils/model/image.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "suite.h"

#define HEX    "0123456789abcdef0123456789abcdef"
#define DIGEST "@sha256:" HEX HEX

static const struct {
	const char *name, *full; /* full NULL: no reference, comes back as it is */
} names[] = {
	{ "nginx", "docker.io/library/nginx:latest" },
	{ "nginx:1.27", "docker.io/library/nginx:1.27" },
	{ "library/nginx", "docker.io/library/nginx:latest" },
	{ "grafana/grafana:11.0.0", "docker.io/grafana/grafana:11.0.0" },
	{ "a/b/c", "docker.io/a/b/c:latest" },
	{ "docker.io/nginx", "docker.io/library/nginx:latest" },
	{ "docker.io/library/nginx", "docker.io/library/nginx:latest" },
	{ "docker.io/grafana/grafana", "docker.io/grafana/grafana:latest" },
	{ "index.docker.io/nginx:1", "docker.io/library/nginx:1" },
	{ "index.docker.io/library/nginx", "docker.io/library/nginx:latest" },
	{ "registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10" },
	{ "quay.io/x/y", "quay.io/x/y:latest" },
	{ "ghcr.io/a/b-c_d__e.f---g:V1_x.y-z", "ghcr.io/a/b-c_d__e.f---g:V1_x.y-z" },
	{ "localhost/nginx", "localhost/nginx:latest" },
	{ "localhost:5000/nginx", "localhost:5000/nginx:latest" },
	{ "localhost", "docker.io/library/localhost:latest" },
	{ "localhosts/nginx", "docker.io/localhosts/nginx:latest" },
	{ "127.0.0.1:5000/debian:12", "127.0.0.1:5000/debian:12" },
	{ "192.168.0.1", "docker.io/library/192.168.0.1:latest" },
	{ "192.168.0.1:80", "docker.io/library/192.168.0.1:80" },
	{ "192.168.0.1:8/debian", "192.168.0.1:8/debian:latest" },
	{ "[2001:db8::1]:5000/x", "[2001:db8::1]:5000/x:latest" },
	{ "[2001:db8::1]/x", "[2001:db8::1]/x:latest" },
	{ "Docker/nginx", "Docker/nginx:latest" }, /* a capital makes it a registry */
	/* a digest says all: the tag goes */
	{ "nginx" DIGEST, "docker.io/library/nginx" DIGEST },
	{ "nginx:1.27" DIGEST, "docker.io/library/nginx" DIGEST },
	{ "quay.io/x/y:2" DIGEST, "quay.io/x/y" DIGEST },
	{ "localhost:5000/x:2" DIGEST, "localhost:5000/x" DIGEST },
	{ "localhost:5000/x" DIGEST, "localhost:5000/x" DIGEST },
	{ "x@md5:" HEX, "docker.io/library/x@md5:" HEX },
	/* no references */
	{ "", NULL },
	{ "Nginx", NULL },
	{ "docker/Nginx", NULL },
	{ "nginx:", NULL },
	{ "nginx:-x", NULL },
	{ "nginx:.x", NULL },
	{ "nginx:a:b", NULL },
	{ "nginx:a b", NULL },
	{ "nginx@", NULL },
	{ "nginx@sha256:", NULL },
	{ "nginx@sha256:abc", NULL },
	{ "nginx@" HEX, NULL },
	{ "nginx@:" HEX, NULL },
	{ "nginx@sha256:" HEX "g", NULL },
	{ "@sha256:" HEX, NULL },
	{ "sha256:" HEX HEX, NULL },
	{ HEX HEX, NULL },
	{ "-x", NULL },
	{ "x-", NULL },
	{ "x..y", NULL },
	{ "x___y", NULL },
	{ "x._y", NULL },
	{ "/x", NULL },
	{ "x/", NULL },
	{ "x//y", NULL },
	{ "docker.io/", NULL },
	{ "-docker.io/x", NULL },
	{ "docker-.io/x", NULL },
	{ "docker.io:/x", NULL },
	{ "docker.io:x/x", NULL },
	{ "[fe80::1%eth0]:5000/x", NULL },
	{ "[]/x", NULL },
	{ "[::1/x", NULL },
	{ "https://docker.io/x", NULL },
	{ "<none>:<none>", NULL },
	{ "gr\xC3\xBC\xC3\x9F", NULL },
};

START_TEST(the_full_name_is_that_of_containerd)
{
	AUTO_ARENA arena = { 0 };
	const char *full = image_normalize(names[_i].name, &arena);

	ck_assert_str_eq(full, names[_i].full ? names[_i].full : names[_i].name);
	if (names[_i].full)
		ck_assert_str_eq(image_normalize(full, &arena), full);
}
END_TEST

START_TEST(long_names_are_none)
{
	AUTO_ARENA arena = { 0 };
	AUTO_BUFFER name = { 0 };

	buffer_add_repeated(&name, 'x', 255);
	ck_assert_ptr_ne(image_normalize(buffer_text(&name), &arena), buffer_text(&name));
	buffer_add_char(&name, 'x');
	ck_assert_ptr_eq(image_normalize(buffer_text(&name), &arena), buffer_text(&name));
	buffer_clear(&name);
	buffer_add_text(&name, "x:");
	buffer_add_repeated(&name, 't', 128);
	ck_assert_ptr_ne(image_normalize(buffer_text(&name), &arena), buffer_text(&name));
	buffer_add_char(&name, 't');
	ck_assert_ptr_eq(image_normalize(buffer_text(&name), &arena), buffer_text(&name));
}
END_TEST

/* Whatever the text, the full name of the full name is itself; each text in memory of its own, so that ASan sees a
 * byte too many. */
START_TEST(is_stable_for_any_text)
{
	static const char alphabet[] = "aB0./:@-_[]\xC3";
	uint64_t state = 88172645463325252ULL;

	for (int i = 0; i < 200000; i++) {
		AUTO_ARENA arena = { 0 };
		char *text;
		size_t length;
		const char *full;

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		length = state % 9;
		text = malloc(length + 1);
		for (size_t at = 0; at < length; at++)
			text[at] = alphabet[(state >> (6 * at + 5)) % (sizeof(alphabet) - 1)];
		text[length] = '\0';
		full = image_normalize(text, &arena);
		ck_assert_str_eq(image_normalize(full, &arena), full);
		free(text);
	}
}
END_TEST

static const struct {
	const char *name, *tag;
	bool has_digest;
} tags[] = {
	{ "docker.io/library/nginx:1.27", "1.27", false },
	{ "docker.io/library/nginx" DIGEST, NULL, true },
	{ "localhost:5000/x", NULL, false },
	{ "localhost:5000/x:y", "y", false },
	{ "x", NULL, false },
	{ "", NULL, false },
};

START_TEST(the_tag_follows_the_last_slash)
{
	ck_assert_pstr_eq(image_tag(tags[_i].name), tags[_i].tag);
	ck_assert_int_eq(image_has_digest(tags[_i].name), tags[_i].has_digest);
}
END_TEST

TEST_MAIN("model/image", TEST_TABLE(the_full_name_is_that_of_containerd, names), TEST(long_names_are_none),
	TEST(is_stable_for_any_text), TEST_TABLE(the_tag_follows_the_last_slash, tags))
