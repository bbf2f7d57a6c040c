/* Source of the sentences: Go's crypto/tls X509KeyPair and k8s.io/client-go/transport rootCertPool, v0.34. */
#include "pem.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/text.h"

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static void free_certificate(X509 **certificate)
{
	X509_free(*certificate);
}

static void free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

/* One block. All zero is ready for use. */
struct block {
	char *type, *header;
	unsigned char *bytes;
	long length;
};

static void block_release(struct block *block)
{
	OPENSSL_free(block->type);
	OPENSSL_free(block->header);
	OPENSSL_clear_free(block->bytes, block->length > 0 ? (size_t)block->length : 0);
	*block = (struct block){ 0 };
}

static BIO *open_blob(const struct blob *blob)
{
	return BIO_new_mem_buf(blob->length ? blob->bytes : "", (int)blob->length);
}

/* False at the end; blocks that are no PEM are passed over. */
static bool next_block(BIO *bio, struct block *block)
{
	block_release(block);
	for (;;) {
		unsigned long reason;

		if (PEM_read_bio(bio, &block->type, &block->header, &block->bytes, &block->length))
			return true;
		reason = ERR_peek_last_error();
		ERR_clear_error();
		if (ERR_GET_REASON(reason) == PEM_R_NO_START_LINE || BIO_eof(bio))
			return false;
	}
}

static X509 *parse_certificate(const struct block *block)
{
	const unsigned char *at = block->bytes;
	X509 *certificate = d2i_X509(NULL, &at, block->length);

	ERR_clear_error();
	return certificate;
}

static EVP_PKEY *parse_key(const struct block *block)
{
	const unsigned char *at = block->bytes;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, block->length);

	ERR_clear_error();
	return key;
}

int pem_check_authority(const struct blob *authority, struct error *err)
{
	CLEANUP(free_bio) BIO *bio = open_blob(authority);
	CLEANUP(block_release) struct block block = { 0 };
	bool has_block = false, is_malformed = false;

	while (next_block(bio, &block)) {
		CLEANUP(free_certificate) X509 *certificate = NULL;

		has_block = true;
		if (strcmp(block.type, "CERTIFICATE") != 0 || *block.header)
			continue;
		certificate = parse_certificate(&block);
		if (certificate)
			return 0;
		is_malformed = true;
	}
	return error_set(err, ERROR_INVALID, "unable to load root certificates: %s",
		is_malformed        ? "failed to parse certificate: x509: malformed certificate"
			: has_block ? "no valid certificate authority data seen"
				    : "unable to parse bytes as PEM block");
}

/* Blocks of other types that were passed over, for the sentence about what was not found. */
struct skipped {
	struct buffer types;
	size_t count;
};

static void skipped_release(struct skipped *skipped)
{
	buffer_release(&skipped->types);
}

static void skip(struct skipped *skipped, const char *type)
{
	buffer_printf(&skipped->types, "%s%s", skipped->count++ ? " " : "", type);
}

static int find_certificate(const struct blob *blob, X509 **ret_certificate, struct error *err)
{
	CLEANUP(free_bio) BIO *bio = open_blob(blob);
	CLEANUP(block_release) struct block block = { 0 };
	CLEANUP(skipped_release) struct skipped skipped = { 0 };

	while (next_block(bio, &block)) {
		if (strcmp(block.type, "CERTIFICATE") == 0) {
			*ret_certificate = parse_certificate(&block);
			return *ret_certificate ? 0 : error_set(err, ERROR_INVALID, "x509: malformed certificate");
		}
		skip(&skipped, block.type);
	}
	if (skipped.count == 0)
		return error_set(err, ERROR_INVALID, "tls: failed to find any PEM data in certificate input");
	if (skipped.count == 1 && text_ends_with(buffer_text(&skipped.types), "PRIVATE KEY"))
		return error_set(err, ERROR_INVALID,
			"tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM "
			"inputs may have been switched");
	return error_set(err, ERROR_INVALID,
		"tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the "
		"following types: [%s]",
		buffer_text(&skipped.types));
}

static int find_key(const struct blob *blob, EVP_PKEY **ret_key, struct error *err)
{
	CLEANUP(free_bio) BIO *bio = open_blob(blob);
	CLEANUP(block_release) struct block block = { 0 };
	CLEANUP(skipped_release) struct skipped skipped = { 0 };

	while (next_block(bio, &block)) {
		if (strcmp(block.type, "PRIVATE KEY") == 0 || text_ends_with(block.type, " PRIVATE KEY")) {
			*ret_key = parse_key(&block);
			return *ret_key ? 0 : error_set(err, ERROR_INVALID, "tls: failed to parse private key");
		}
		skip(&skipped, block.type);
	}
	if (skipped.count == 0)
		return error_set(err, ERROR_INVALID, "tls: failed to find any PEM data in key input");
	if (strcmp(buffer_text(&skipped.types), "CERTIFICATE") == 0)
		return error_set(err, ERROR_INVALID,
			"tls: found a certificate rather than a key in the PEM for the private key");
	return error_set(err, ERROR_INVALID,
		"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM "
		"blocks of the following types: [%s]",
		buffer_text(&skipped.types));
}

int pem_check_pair(const struct blob *certificate, const struct blob *key, struct error *err)
{
	CLEANUP(free_certificate) X509 *parsed_certificate = NULL;
	CLEANUP(free_key) EVP_PKEY *parsed_key = NULL;
	const EVP_PKEY *public_key;
	int result;

	if (find_certificate(certificate, &parsed_certificate, err) < 0 || find_key(key, &parsed_key, err) < 0)
		return -1;
	public_key = X509_get0_pubkey(parsed_certificate);
	if (!public_key || EVP_PKEY_base_id(public_key) != EVP_PKEY_base_id(parsed_key)) {
		ERR_clear_error();
		return error_set(err, ERROR_INVALID, "tls: private key type does not match public key type");
	}
	result = X509_check_private_key(parsed_certificate, parsed_key);
	ERR_clear_error();
	return result == 1 ? 0 : error_set(err, ERROR_INVALID, "tls: private key does not match public key");
}
