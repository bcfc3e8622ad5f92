// Where the credential stands in a value, to the character. A row is a setting, its value, and the credentials in it.
import { describe, expect, test } from 'vitest';
import { credentialsIn } from '../../../src/validator/secrets/credentials.ts';
import { kindsIn } from '../../../src/validator/secrets/setting-kind.ts';

type Row = readonly [setting: string, value: string, ...found: string[]];

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const KEY =
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\nq7Zr2TnVbX5mKfW8dL==\n-----END PRIVATE KEY-----';

const JAAS: Row[] = [
  ['sasl.jaas.config', `${PLAIN} username="u" password="kessel-77";`, 'kessel-77'],
  ['sasl.jaas.config', `${PLAIN} username='u' password='kessel 77';`, 'kessel 77'],
  ['sasl.jaas.config', `${PLAIN} username=u password=kessel77;`, 'kessel77'],
  ['sasl.jaas.config', `${PLAIN}\n  username="u"\n  password = "kessel-77" ;`, 'kessel-77'],
  ['sasl.jaas.config', `${PLAIN} password="a\\"b;c" username="u";`, 'a\\"b;c'],
  ['sasl.jaas.config', `${PLAIN} username="u" password="kessel-77`, 'kessel-77'],
  ['sasl.jaas.config', `${PLAIN} username="u" password="\${secret:o:p}";`],
  ['sasl.jaas.config', `${PLAIN} username="u" password="\${secret:o:p" x="y";`],
  ['sasl.jaas.config', `${PLAIN} username="u" password="";`],
  ['sasl.jaas.config', `${PLAIN} username="u" password="<password>";`],
  ['sasl.jaas.config', `${PLAIN} username="u" password="$PASSWORD";`],
  ['source.cluster.sasl.jaas.config', `${PLAIN} username="u" password="p1";`, 'p1'],
  ['x', `${PLAIN} username="u" password="p1";`, 'p1'],
  ['sasl.jaas.config', `${PLAIN} user_alice="p1" user_bob="p2";`, 'p1', 'p2'],
  [
    'sasl.jaas.config',
    'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="id" clientSecret="s1" scope="s";',
    's1',
  ],
  [
    'sasl.jaas.config',
    'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required oauth.client.secret="s1" oauth.token.endpoint.uri="https://idp/token" oauth.ssl.truststore.password="s2" oauth.access.token="s3";',
    ...['s1', 's2', 's3'],
  ],
  [
    'sasl.jaas.config',
    'com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab="/etc/o.keytab" principal="o@EXAMPLE.ORG";',
  ],
  [
    'sasl.jaas.config',
    'software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="dev";',
  ],
  ['sasl.jaas.config', '${file:/run/secrets/jaas:config}'],
];

const ADDRESSES: Row[] = [
  ['connection.url', 'jdbc:postgresql://db:5432/orders'],
  ['connection.url', 'jdbc:postgresql://orders@db:5432/orders'],
  ['connection.url', 'jdbc:postgresql://orders:p1@db:5432/orders', 'p1'],
  ['connection.url', 'jdbc:postgresql://db/orders?user=u&password=p1&ssl=true', 'p1'],
  ['connection.url', 'jdbc:postgresql://db/orders?user=u&password=${secret:o:p}'],
  [
    'connection.url',
    'jdbc:mysql://u:p1@db:3306/o?useSSL=true&trustCertificateKeyStorePassword=p2',
    'p1',
    'p2',
  ],
  [
    'connection.url',
    'jdbc:sqlserver://db:1433;databaseName=o;user=sa;password=p,1&x;encrypt=true',
    'p,1&x',
  ],
  ['connection.url', 'jdbc:sqlserver://db:1433;user=sa;password={p;1};encrypt=true', 'p;1'],
  ['connection.url', 'jdbc:oracle:thin:scott/p1@//db:1521/orders', 'p1'],
  ['connection.url', 'jdbc:oracle:thin:scott/"p@1"@db:1521:orders', 'p@1'],
  ['connection.url', 'jdbc:oracle:thin:@//db:1521/orders'],
  ['connection.url', 'jdbc:oracle:thin:${secret:o:u}/${secret:o:p}@//db:1521/orders'],
  ['connection.url', 'jdbc:db2://db:50000/orders:user=u;password=p1;', 'p1'],
  ['connection.url', 'jdbc:snowflake://acme.snowflakecomputing.com/?db=o&private_key_pwd=p1', 'p1'],
  ['connection.uri', 'mongodb+srv://u:p%401@cluster0.mongodb.net/?retryWrites=true', 'p%401'],
  ['connection.uri', 'mongodb://u:p1@h1:27017,h2:27017/?replicaSet=rs', 'p1'],
  ['connection.uri', 'mongodb://h1:27017,h2:27017/?replicaSet=rs'],
  ['connection.uri', 'mongodb://${secret:o:u}:${secret:o:p}@h1/'],
  ['connection.uri', 'mongodb://u:<password>@h1/'],
  ['redis.uri', 'redis://:p1@redis:6379/0', 'p1'],
  ['redis.uri', 'redis://redis:6379/0'],
  ['redis.uri', 'rediss://p1@redis:6379/0', 'p1'],
  ...[
    'p#1',
    'p/1',
    'p?1',
    "p'1",
    'p"1',
    'p<1',
    'p>1',
    'p 1',
    '#p1',
    '12#3',
    'p@1#2',
    'p;a=1',
  ].flatMap((it): Row[] => [
    ['connection.uri', `mongodb://u:${it}@h1:27017,h2:27017/o?replicaSet=rs`, it],
    ['connection.uri', `mongodb+srv://u:${it}@h1`, it],
    ['connection.uri', `jdbc:postgresql://u:${it}@\${env:HOST}:5432/o`, it],
    ['redis.uri', `redis://:${it}@[::1]:6379`, it],
    ['urls', `https://u:${it}@h1:9200,https://h2:9200,https://u:${it}@h3`, it, it],
  ]),
  ['connection.url', 'jdbc:sqlserver://db:1433;user=sa;password=p@1;encrypt=true', 'p@1'],
  ['connection.url', 'jdbc:sqlserver://db;user=sa;password=a:p@1', 'a:p@1'],
  ['camel.sink.url', 'ftp:u@host:21/orders?password=p1&binary=true', 'p1'],
  ['camel.sink.url', 'ftp:u@host/orders?password=RAW(p&1)&binary=true', 'p&1'],
  ['camel.sink.url', 'ftp:u@host/orders?password=RAW(A)', 'A'],
  ['camel.sink.url', 'ftp:u@host/orders?password=${secret:o:p}'],
  ['jdbcConnectionProperties', '?ssl=true&password=p,1', 'p,1'],
  ['jdbcConnectionProperties', 'password=p,1', 'p,1'],
  ['connection.props', 'user=u,password=p1', 'p1'],
  ['connection.props', 'user=u, password=p1 ,x=y', 'p1'],
  ['connection.props', 'user=u password=p1', 'p1'],
  ['connection.props', 'user=u\npassword=p 1\nx=y', 'p 1'],
  ['connection.props', 'password=${secret:o:p}'],
  ['http.request.params', 'access_token=t1', 't1'],
  ['http.request.params', 'page_token=t1&x=y'],
  ['field.mapping', 'password=password_hash'],
  ['camel.sink.url', 'kafka:orders?brokers=b1:9092,b2:9092'],
  ['connection.url', 'jdbc:sqlserver://db:1433; User = sa; Password = p 1 ; encrypt = true', 'p 1'],
  ['note', "the address is https://host and password = 'secret' is none"],
  ['http.url', 'https://host/path?mail=a@b.c'],
  ['http.url', 'https://host:8080/x@y'],
  ['http.url', 'https://host:8080?mail=a@b.c'],
  ['http.url', 'https://host:${env:PORT}/x@y'],
  ['http.url', 'https://host:$PORT/x@y'],
  ['connection.url', 'jdbc:hive2://host:PORT_NUMBER/db;principal=hive/_HOST@EXAMPLE.COM'],
  ['connection.url', 'jdbc:hive2://host:service_name/db;principal=hive/_HOST@EXAMPLE.COM'],
  ['http.url', 'https://host:db-port/x@y'],
  ['http.url', 'https://host:%(port)s/x@y'],
  ['http.url', 'https://host:xxxx/x@y'],
  ['s3.url', 's3://b:c/d@e'],
  ['http.url', 'https://host:<port>/x@y'],
  ['http.url', 'https://[::1]:8080/x@y'],
  ['http.url', 'https://u:p1@host/x@y', 'p1'],
  ['http.urls', 'https://host:8080,other:8080/x@y'],
  ['file.uri', 'file://C:/x@y'],
  ['git.url', 'ssh://git@example.org:acme/orders@v1'],
  ['connection.uri', 'mongodb://h1:27017,h2:27017/?appName=a@b'],
  ['connection.uri', 'mongodb://u:<pass/word>@h1'],
  ['note', 'see https://host: the list is kept by orders@example.org'],
  ['rabbitmq.uri', 'amqp://user@mq:5672'],
  ['rabbitmq.uri', 'amqp://u:p1@mq:5672/%2F', 'p1'],
  ['http.url', 'https://api.example.org/orders?api_key=k1&x=y', 'k1'],
  ['http.url', 'https://api.example.org/orders?page_token=abc&token=t1', 't1'],
  ['http.url', 'https://api.example.org/oauth/token?grant_type=client_credentials'],
  ['urls', 'https://a:p1@h1:9200,https://h2:9200,https://c:p3@h3', 'p1', 'p3'],
  [
    'azblob.url',
    'https://acme.blob.core.windows.net/c?sv=2024-11-04&sp=r&sig=q7Zr2Tn%2BmKfW8dL%3D',
    'q7Zr2Tn%2BmKfW8dL%3D',
  ],
  ['some.url', 'https://example.org/?sig=header'],
  [
    'azure.eventhubs.connection.string',
    'Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=q7Zr2TnVbX5mKfW8dLq7Zr2TnVbX5mKfW8dLq7Zr2T0=;EntityPath=o',
    'q7Zr2TnVbX5mKfW8dLq7Zr2TnVbX5mKfW8dLq7Zr2T0=',
  ],
  [
    'connect.datalake.azure.connection.string',
    'DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=q7Zr2TnVbX5mKfW8dL==;EndpointSuffix=core.windows.net',
    'q7Zr2TnVbX5mKfW8dL==',
  ],
  ...["p#1'", 'p,1', 'p)1', 'p(1)2', 'p;1', 'p"1', 'p 1', 'p<1>', '{p1}'].flatMap((it): Row[] => [
    ['connection.url', `jdbc:postgresql://db/o?user=u&password=${it}&ssl=true`, it],
    ['connection.url', `jdbc:mysql://db/o?password=${it}`, it],
  ]),
  ...["p'1", 'p<1', 'p 1', 'p"1', 'p,1', 'p&1', 'p#1'].flatMap((it): Row[] => [
    ['connection.url', `jdbc:sqlserver://db:1433;user=sa;password=${it};encrypt=true`, it],
    ['connection.url', `jdbc:db2://db:50000/o:password=${it};`, it],
    ['properties', `password=${it};user=u`, it],
  ]),
  ['connection.url', 'jdbc:postgresql://db/o?user=u&password=p1\n', 'p1'],
  ['connection.url', 'jdbc:postgresql://db/o?user=<user>&password=<password>'],
  ['connection.url', 'jdbc:teradata://db/USER=u,PASSWORD=p1,DATABASE=o', 'p1'],
  ['connection.url', 'jdbc:mysql://(host=h1,password=p1),(host=h2,password=p2)/o', 'p1', 'p2'],
  [
    'connection.url',
    'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=db))(SECURITY=(WALLET_PASSWORD=p1)(X=y)))',
    'p1',
  ],
  ['urls', 'jdbc:mysql://h1/o?password=p1,jdbc:mysql://h2/o?password=p2', 'p1', 'p2'],
  ['urls', 'https://h1?token=t1, https://h2?token=t2', 't1', 't2'],
  ['urls', 'failover:(ssl://h1?password=p1,ssl://h2?password=p2)', 'p1', 'p2'],
  ['note', "see 'https://api.example.org/?token=t1' or ask", 't1'],
  ['client.conf.string', 'https::addr=questdb:9000;token=t1;', 't1'],
  ['client.conf.string', 'http::addr=questdb:9000;'],
  ['properties', 'user=u;password=p1;x=y', 'p1'],
  ['query', 'SELECT id FROM users WHERE password = ? AND token=$1'],
  ['query', "SELECT a.token FROM a JOIN b ON a.token=b.token WHERE x='1'"],
];

const PAIRS: Row[] = [
  ['value.converter.basic.auth.user.info', 'u:p1', 'p1'],
  ['value.converter.basic.auth.user.info', 'u:p:1', 'p:1'],
  ['value.converter.basic.auth.user.info', 'u:${secret:o:p}'],
  ['value.converter.basic.auth.user.info', '${secret:o:u}:p1', 'p1'],
  ['value.converter.basic.auth.user.info', '${secret:o:both}'],
  ['value.converter.basic.auth.user.info', '${secret:o:both'],
  ['value.converter.basic.auth.user.info', '<user>:<password>'],
  ['http.headers', 'Accept: application/json, Authorization: Bearer q7Zr2TnVbX', 'q7Zr2TnVbX'],
  ['http.headers', 'Authorization: Basic dXNlcjpwYXNz|X-Tenant: acme', 'dXNlcjpwYXNz'],
  ...[
    ...['SSWS', 'OAuth', 'OAuth2', 'JWT', 'Api-Token', 'GenieKey', 'Zoho-oauthtoken', 'Key'],
    ...['HMAC', 'Negotiate', 'Basic', 'Acme-V2'],
  ].flatMap((scheme): Row[] => [
    ['http.headers', `Accept: */*, Authorization: ${scheme} q7Zr2TnVbX==, X-A: b`, 'q7Zr2TnVbX=='],
    ['http.headers', `Authorization:${scheme} q7Zr2TnVbX`, 'q7Zr2TnVbX'],
    ['http.headers', `Authorization: ${scheme} \${secret:o:t}`],
    ['headers', `{"Proxy-Authorization":"${scheme} q7Zr2TnVbX"}`, 'q7Zr2TnVbX'],
  ]),
  ['http.headers', 'Authorization: q7Zr2TnVbX', 'q7Zr2TnVbX'],
  ['http.headers', 'Authorization: q7Zr2TnVbX , Accept: */*', 'q7Zr2TnVbX'],
  ['http.headers', 'Authorization: q7Zr2TnVbX X-Tenant: acme', 'q7Zr2TnVbX'],
  ['http.headers', 'Authorization: Token token="q7Zr2TnVbX"', 'q7Zr2TnVbX'],
  ['http.headers', 'X-Api-Key: k1 Accept', 'k1'],
  ['api.token', 'SSWS q7Zr2TnVbX', 'q7Zr2TnVbX'],
  ['api.password', 'Kessel q7Zr2TnVbX', 'Kessel q7Zr2TnVbX'],
  ...[
    'Authorization',
    'iceberg.catalog.header.Authorization',
    'connect.http.headers.authorization',
  ].flatMap((name): Row[] => [
    [name, 'Bearer q7Zr2TnVbX', 'q7Zr2TnVbX'],
    [name, 'Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    [name, 'GenieKey q7Zr2TnVbX', 'q7Zr2TnVbX'],
    [name, 'Bearer ${secret:o:t}'],
    [name, 'Bearer'],
  ]),
  ['security.authorization', 'by role'],
  ...['Ocp-Apim-Subscription-Key', 'x-functions-key', 'DD-API-KEY', 'Client-Secret', 'X-Secret']
    .concat('X-Password', 'X-Pass')
    .flatMap((name): Row[] => [
      ['http.headers', `${name}:k1`, 'k1'],
      ['http.headers', `Accept:*/*,${name}: k1`, 'k1'],
      ['http.headers', `${name}: \${secret:o:k}`],
    ]),
  [
    'http.headers',
    'Cookie: sid=q7Zr2TnVbX; theme=dark|X-Tenant: acme',
    'sid=q7Zr2TnVbX; theme=dark',
  ],
  ['http.headers', 'Cookie:s=k1', 's=k1'],
  ['http.headers', 'Cookie: sid=${secret:o:k}'],
  [
    'catalog.secret',
    'urn:nessie-secret:quarkus:nessie.access-key',
    'urn:nessie-secret:quarkus:nessie.access-key',
  ],
  ['catalog.place', 'urn:nessie-secret:quarkus:nessie.access-key'],
  ['from.file', 'private-key=private_key.pem'],
  ['transforms.cast.spec', 'cookie:string,primary-key:int32'],
  ['http.headers', 'X-Api-Key: k1', 'k1'],
  ['http.headers', 'Authorization: Bearer ${secret:o:t}'],
  ['http.headers', 'X-Request-Id: 17, Content-Type: application/json'],
  ['http.headers.allowed', 'Authorization:.*'],
  ['schema.inline', '{"token":"string","password":"text","apiKey":"q7Zr2TnVbX"}', 'q7Zr2TnVbX'],
  ['http.headers.authorization', 'Bearer q7Zr2TnVbX', 'q7Zr2TnVbX'],
  ['http.headers.authorization', 'Bearer ${secret:o:t}'],
  ['http.headers.authorization', 'Bearer <TOKEN>'],
  ['headers', '{"Authorization":"Token q7Zr2TnVbX","Accept":"*/*"}', 'q7Zr2TnVbX'],
  ['settings', '{"user":"u","password":"p\\"1","retries":3}', 'p\\"1'],
  ['settings', '{"user":"u","password":"${secret:o:p}"}'],
  ['transforms.rename.renames', 'token:access_token,secret:app_secret'],
  ['pk.fields', 'id,password,api_key'],
];

const KEYS: Row[] = [
  ['ssl.keystore.key', KEY, KEY],
  [
    'ssl.keystore.certificate.chain',
    '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----',
  ],
  [
    'ssl.keystore.certificate.chain',
    `-----BEGIN CERTIFICATE-----\nMIIBszCC\n-----END CERTIFICATE-----\n${KEY}`,
    KEY,
  ],
  ['anything', KEY.replaceAll('\n', ' '), KEY.replaceAll('\n', ' ')],
  ['anything', KEY.replaceAll('\n', '\\n'), KEY.replaceAll('\n', '\\n')],
  ['anything', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
  [
    'anything',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----',
  ],
  [
    'gcs.credentials.json',
    '{"type":"service_account","private_key":"x"}',
    '{"type":"service_account","private_key":"x"}',
  ],
  ['gcs.credentials.json', '${file:/run/secrets/gcs:json}'],
  [
    'some.json',
    `{"type":"service_account","private_key":"${KEY.replaceAll('\n', '\\n')}"}`,
    KEY.replaceAll('\n', '\\n'),
  ],
];

const SETTINGS: Row[] = [
  ['connection.password', 'hunter2', 'hunter2'],
  ['connection.password', ' hunter2 ', ' hunter2 '],
  ['connection.password', '12345', '12345'],
  ['token', 'com.acme.auth.FileTokenProvider'],
  ['credentials', 'com.amazonaws.auth.DefaultAWSCredentialsProviderChain'],
  ['topics', 'orders'],
  ['name', 'orders-password-resets'],
  ['errors.deadletterqueue.topic.name', 'tokens-and-secrets'],
  ['file.name.template', '{{topic}}-{{partition}}-{{start_offset}}.gz'],
  ['transforms.x.replacement', '$1'],
  ['cron', '0 0 * * *'],
];

const tables = { JAAS, ADDRESSES, PAIRS, KEYS, SETTINGS };

describe.each(Object.entries(tables))('%s', (_, rows) => {
  test.each(rows)('%s = %s', (setting, value, ...wanted) => {
    const found = credentialsIn(kindsIn([])(setting), value);
    expect(found.map(({ start, end }) => value.slice(start, end))).toEqual(wanted);
    expect(found.every(({ content }) => content === 'literal')).toBe(true);
  });
});

const MASKS: Row[] = [
  ['connection.password', '********', '********'],
  ['sasl.jaas.config', '[hidden]', '[hidden]'],
  ['sasl.jaas.config', `${PLAIN} username="u" password="[hidden]";`, '[hidden]'],
  ['connection.url', 'jdbc:postgresql://u:****@db/o', '****'],
  ['connection.url', 'jdbc:postgresql://db/o?user=u&password=%2A%2A%2A%2A', '%2A%2A%2A%2A'],
  ['basic.auth.user.info', 'u:<redacted>', '<redacted>'],
  ['some.setting', '[hidden]', '[hidden]'],
  ['some.setting', '•••••••', '•••••••'],
  ['some.setting', '**'],
  ['some.setting', '*'],
  ['include', 'orders.***.x'],
  ['transforms.mask.replacement', '****'],
];

test.each(MASKS)('a mask in %s = %s', (setting, value, ...wanted) => {
  const found = credentialsIn(kindsIn([])(setting), value);
  expect(found.map(({ start, end }) => value.slice(start, end))).toEqual(wanted);
  expect(found.every(({ content }) => content === 'masked')).toBe(true);
});

test('a mask is one though the same text was harmless in another setting', () => {
  const kindOf = kindsIn([]);
  expect(credentialsIn(kindOf('transforms.mask.replacement'), '####****')).toEqual([]);
  expect(credentialsIn(kindOf('transforms.mask.replacement'), '*****')).toEqual([]);
  expect(credentialsIn(kindOf('some.setting'), '*****')).toHaveLength(1);
});
