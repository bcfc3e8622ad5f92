package org.apache.kafka.connect.runtime.rest.resources;

/** Stands for Connect's own class. */
public class InternalConnectResource {
    public void putTaskConfigs() {}
}
