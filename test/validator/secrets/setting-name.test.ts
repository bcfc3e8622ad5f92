import { expect, test } from 'vitest';
import { kindOfName, type NameKind } from '../../../src/validator/secrets/setting-name.ts';

const NAMES: Record<NameKind, string> = {
  secret: `password passwd db.pass connection.password database.password mongodb.password redis.pwd
    ssl.key.password ssl.keystore.password producer.override.ssl.truststore.password
    schema.history.internal.consumer.ssl.key.password database.history.producer.sasl.password
    ssl.key.passphrase snowflake.private.key.passphrase
    aws.secret.access.key aws.access.key aws.secret.key.id awsSecretAccessKey AWS_SECRET_ACCESS_KEY connect.s3.aws.secret.key
    secretKey camel.kamelet.aws-s3-sink.secretKey camel.kamelet.aws-s3-sink.sessionToken
    client.secret oauth2.client.secret oauth.clientSecret app_secret webhook.secret
    token api.token access.token auth.token splunk.hec.token bearer.auth.token influxdb.token slack.bot.token
    github.service.access.token refresh_token sasToken
    api.key apiKey api_key kafka.api.secret datadog.api_key x.apikey x-api-key subscription.key azblob.account.key
    azure.storage.account.key connect.cosmos.master.key sharedAccessKey signing.key encryption.key license.key
    private.key snowflake.private.key ssl.keystore.private.key gcs.credentials.json gcp.credentials
    neo4j.authentication.custom.credentials hdfs.creds transforms.encrypt.encryption.key
    value.converter.bearer.auth.client.secret keyStorePassword storepass db.password1 admin.password.plaintext
    iceberg.hadoop.fs.azure.account.key.acme.dfs.core.windows.net fs.azure.account.key.acme.blob.core.chinacloudapi.cn
    fs.azure.account.oauth2.client.secret.acme.dfs.core.windows.net fs.azure.sas.orders.acme.blob.core.windows.net
    fs.azure.sas.fixed.token.acme.dfs.core.windows.net iceberg.catalog.adls.sas-token.acme
    credentials.base64 x-functions-key xApiKeyValue`,
  jaas: `sasl.jaas.config producer.override.sasl.jaas.config schema.history.internal.producer.sasl.jaas.config
    source.cluster.sasl.jaas.config`,
  'user-info': `basic.auth.user.info value.converter.basic.auth.user.info schema.registry.basic.auth.user.info`,
  address: `connection.url connection.uri connection.string camel.kamelet.x.connectionString`,
  authorization: `Authorization http.authorization iceberg.catalog.header.Authorization connect.http.headers.authorization`,
  properties: `properties connection.props http.request.params jdbcConnectionProperties`,
  certificate: `ssl.keystore.certificate.chain ssl.truststore.certificates public.key tls.cert client.certificate`,
};

const NO_NAMES = `fs.azure.account.auth.type.acme.dfs.core.windows.net fs.azure.account.keyprovider.acme.dfs.core.windows.net
  fs.azure.sas.token.provider.type.acme.dfs.core.windows.net adls.sas-token-expires-at-ms.acme
  fs.azure.account.oauth2.client.id.acme.dfs.core.windows.net security.authorization authorization.type name topics connector.class tasks.max key.converter value.converter key.ignore primary.key.fields
  pk.fields key.fields message.key.columns partition.key routing.key document.id record.key
  password.file connection.password.file ssl.keystore.location password.required database.password.required
  token.endpoint.url sasl.oauthbearer.token.endpoint.url oauth2.access.token.url connect.http.authentication.oauth2.token.url
  token.cache.ttl.seconds token.expiry.ms access.token.lifetime tokens.per.second max.tokens token.count
  secret.name secret.arn secrets.manager.region secret.version credentials.provider aws.credentials.provider.class
  basic.auth.credentials.source bearer.auth.credentials.source gcs.credentials.path credentials.file
  passthrough pass.through bypass two.pass tombstone.on.delete
  page.token next.token next.page.token continuation.token partition.token null.token field.separator.token
  errors.deadletterqueue.topic.name errors.deadletterqueue.context.headers.enable
  transforms.mask.fields transforms.token.type sasl.mechanism security.protocol ssl.key.store.type
  connection.user database.user user.name kafka.api.key aws.access.key.id key.schema secretary compass keyspace monkey turkey
  public.access delegation.tokens.enabled sasl.login.callback.handler.class password.encoder.iterations`;

for (const [kind, names] of Object.entries(NAMES)) {
  test.each(split(names))(`the value of %s is of the kind ${kind}`, (name) => {
    expect(kindOfName(name)).toBe(kind);
  });
}

test.each(split(NO_NAMES))('the name %s says nothing of a credential', (name) => {
  expect(kindOfName(name)).toBeUndefined();
});

test('a name of a megabyte is not taken to pieces', () => {
  expect(kindOfName(`${'a.'.repeat(500_000)}password`)).toBeUndefined();
});

function split(names: string): string[] {
  return names.split(/\s+/);
}
