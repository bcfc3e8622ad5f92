package org.apache.kafka.connect.runtime.rest.resources;

/** Stands for Connect's own class. */
public class ConnectorPluginsResource {
    public Object validateConfigs() {
        return null;
    }
}
