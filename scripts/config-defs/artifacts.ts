// The jars of Maven Central whose ConfigDefs the table of password settings is read from. Adding one: a line here, then
// `node scripts/config-defs.ts`.

export interface Artifact {
  /** `group:artifact:version`. */
  name: string;
  /** Groups of dependencies that are not on Maven Central, and that no ConfigDef needs. */
  without?: readonly string[];
  /** True for Kafka's own clients, whose ConfigDefs stand in static methods: a worker hands `producer.override.…` on. */
  isClient?: boolean;
}

export const artifacts: readonly Artifact[] = [
  { name: 'org.apache.kafka:kafka-clients:4.3.1', isClient: true },
  { name: 'org.apache.kafka:connect-file:4.3.1' },
  { name: 'org.apache.kafka:connect-json:4.3.1' },
  { name: 'org.apache.kafka:connect-mirror:4.3.1' },
  { name: 'org.apache.kafka:connect-transforms:4.3.1' },
  { name: 'io.debezium:debezium-connector-db2:3.6.1.Final' },
  { name: 'io.debezium:debezium-connector-informix:3.5.0.Final' },
  { name: 'io.debezium:debezium-connector-jdbc:3.3.1.Final' },
  { name: 'io.debezium:debezium-connector-mongodb:3.6.1.Final' },
  { name: 'io.debezium:debezium-connector-mysql:3.6.1.Final' },
  {
    name: 'io.debezium:debezium-connector-oracle:3.6.1.Final',
    without: ['org.infinispan', 'com.oracle.database.xml', 'javax.xml.bind'],
  },
  { name: 'io.debezium:debezium-connector-postgres:3.6.1.Final' },
  { name: 'io.debezium:debezium-connector-sqlserver:3.6.1.Final' },
  { name: 'io.debezium:debezium-connector-vitess:3.5.0.Final' },
  { name: 'com.github.jcustenborder.kafka.connect:kafka-connect-rabbitmq:0.0.2.16' },
  { name: 'com.github.jcustenborder.kafka.connect:kafka-connect-transform-common:0.1.0.14' },
  { name: 'com.google.cloud:pubsub-group-kafka-connector:1.3.3' },
  { name: 'com.snowflake:snowflake-kafka-connector:2.5.0', without: ['io.confluent'] },
  { name: 'org.apache.camel.kafkaconnector:camel-kafka-connector:0.11.0' },
  { name: 'org.apache.iceberg:iceberg-kafka-connect:1.12.0', without: ['io.confluent'] },
  { name: 'org.mongodb.kafka:mongo-kafka-connect:2.0.1' },
  { name: 'software.amazon.glue:schema-registry-kafkaconnect-converter:1.1.9' },
];
