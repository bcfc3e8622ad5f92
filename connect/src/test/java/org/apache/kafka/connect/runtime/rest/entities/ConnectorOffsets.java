package org.apache.kafka.connect.runtime.rest.entities;

/** Stands for Connect's own class. */
public class ConnectorOffsets {}
