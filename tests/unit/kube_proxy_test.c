#include "clusterutils/kube/proxy.h"

#include <stdlib.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* The environment of a case is the whole of what is looked at. */
struct environment {
	const char *http, *https, *no;
};

static void use(const struct environment *environment)
{
	static const char *const names[] = { "http_proxy", "https_proxy", "no_proxy", "ALL_PROXY", "all_proxy",
		"REQUEST_METHOD" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	set("HTTP_PROXY", environment->http);
	set("HTTPS_PROXY", environment->https);
	set("NO_PROXY", environment->no);
}

#define P "http://proxy.lan:3128"

static const struct {
	const char *url;
	struct environment environment;
	const char *proxy; /* NULL for none */
} cases[] = {
	{ "https://home.lan", { .https = P }, P },
	{ "https://home.lan", { .http = P }, NULL },
	{ "http://home.lan", { .http = P }, P },
	{ "http://home.lan", { .https = P }, NULL },
	/* what libcurl is told is what Go means */
	{ "https://home.lan", { .https = "proxy.lan" }, "http://proxy.lan:80" },
	{ "https://home.lan", { .https = "https://u:p@proxy.lan/" }, "https://u:p@proxy.lan:443" },
	{ "https://home.lan", { .https = "socks5://proxy.lan" }, "socks5h://proxy.lan:1080" },
	{ "https://home.lan", { .https = "socks5://[::1]:" }, "socks5h://[::1]:1080" },
	{ "https://home.lan", { .https = "%zz" }, NULL },
	/* this machine, always */
	{ "https://localhost:6443", { .https = P }, NULL },
	{ "https://127.3.2.1", { .https = P }, NULL },
	{ "https://[::1]:6443", { .https = P }, NULL },
	{ "https://[::ffff:127.0.0.1]", { .https = P }, NULL },
	{ "https://LOCALHOST", { .https = P }, P },
	/* NO_PROXY: hosts and domains */
	{ "https://home.lan", { .https = P, .no = "home.lan" }, NULL },
	{ "https://Api.Home.LAN", { .https = P, .no = " home.LAN " }, NULL },
	{ "https://myhome.lan", { .https = P, .no = "home.lan" }, P },
	{ "https://home.lan", { .https = P, .no = ".home.lan" }, P },
	{ "https://api.home.lan", { .https = P, .no = ".home.lan" }, NULL },
	{ "https://api.home.lan", { .https = P, .no = "*.home.lan" }, NULL },
	{ "https://home.lan", { .https = P, .no = "*.home.lan" }, P },
	{ "https://home.lan", { .https = P, .no = "x, *" }, NULL },
	{ "https://home.lan", { .https = P, .no = "*lan" }, P },
	/* ports */
	{ "https://home.lan:6443", { .https = P, .no = "home.lan:443" }, P },
	{ "https://home.lan", { .https = P, .no = "home.lan:443" }, NULL },
	{ "http://home.lan", { .http = P, .no = "home.lan:80" }, NULL },
	{ "https://home.lan", { .https = P, .no = ":443" }, P },
	/* addresses and networks */
	{ "https://10.0.0.2", { .https = P, .no = "10.0.0.2" }, NULL },
	{ "https://10.0.0.2:6443", { .https = P, .no = "10.0.0.2:443" }, P },
	{ "https://10.0.0.2", { .https = P, .no = "10.0.0.0/30" }, NULL },
	{ "https://10.0.0.4", { .https = P, .no = "10.0.0.0/30" }, P },
	{ "https://10.0.0.4", { .https = P, .no = "10.0.0.0/33" }, P },
	{ "https://10.0.0.4", { .https = P, .no = "::/0" }, P },
	{ "https://[fd00::2]:6443", { .https = P, .no = "fd00::2" }, NULL },
	{ "https://[fd00::2]:6443", { .https = P, .no = "[fd00::2]:6443" }, NULL },
	{ "https://[fd00::2]:6443", { .https = P, .no = "[fd00::2]" }, P },
	{ "https://[fd00:1::2]", { .https = P, .no = "fd00::/32" }, P },
	{ "https://[fd00:0:1::2]", { .https = P, .no = "fd00::/32" }, NULL },
};

START_TEST(the_environment_decides_as_in_go)
{
	AUTO_ARENA arena = { 0 };
	struct error err = { 0 };
	const char *proxy = "?";

	use(&cases[_i].environment);
	ck_assert_msg(proxy_for(cases[_i].url, NULL, &arena, &proxy, &err) == 0, "%s", err.message);
	ck_assert_pstr_eq(proxy, cases[_i].proxy);
}
END_TEST

START_TEST(lower_case_counts_where_upper_case_says_nothing)
{
	AUTO_ARENA arena = { 0 };
	const char *proxy;
	struct error err;

	use(&(struct environment){ .https = "" });
	setenv("https_proxy", P, 1);
	setenv("ALL_PROXY", "http://other.lan:1", 1);
	ck_assert_int_eq(proxy_for("https://home.lan", NULL, &arena, &proxy, &err), 0);
	ck_assert_str_eq(proxy, P);
	setenv("no_proxy", "home.lan", 1);
	ck_assert_int_eq(proxy_for("https://home.lan", NULL, &arena, &proxy, &err), 0);
	ck_assert_ptr_null(proxy);
}
END_TEST

START_TEST(the_kubeconfig_wins_for_this_machine_too)
{
	AUTO_ARENA arena = { 0 };
	const char *proxy;
	struct error err;

	use(&(struct environment){ .https = P, .no = "*" });
	ck_assert_int_eq(proxy_for("https://localhost", "socks5://127.0.0.1", &arena, &proxy, &err), 0);
	ck_assert_str_eq(proxy, "socks5h://127.0.0.1:1080");
}
END_TEST

START_TEST(what_cannot_be_a_proxy_is_told)
{
	AUTO_ARENA arena = { 0 };
	const char *proxy;
	struct error err;

	use(&(struct environment){ .https = "bad proxy" });
	ck_assert_int_eq(proxy_for("https://home.lan", NULL, &arena, &proxy, &err), -1);
	ck_assert_str_eq(err.message, "invalid proxy address \"bad proxy\"");
	use(&(struct environment){ .https = "://x" });
	ck_assert_int_eq(proxy_for("https://home.lan", NULL, &arena, &proxy, &err), -1);
	use(&(struct environment){ .http = P });
	setenv("REQUEST_METHOD", "GET", 1);
	ck_assert_int_eq(proxy_for("http://home.lan", NULL, &arena, &proxy, &err), -1);
	ck_assert_str_eq(
		err.message, "refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy");
}
END_TEST

TEST_MAIN("kube/proxy", TEST_TABLE(the_environment_decides_as_in_go, cases),
	TEST(lower_case_counts_where_upper_case_says_nothing), TEST(the_kubeconfig_wins_for_this_machine_too),
	TEST(what_cannot_be_a_proxy_is_told))
