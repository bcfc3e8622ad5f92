package org.apache.kafka.connect.runtime.rest.resources;

/** Stands for Connect's own class. */
public class LoggingResource {
    public Object listLoggers() {
        return null;
    }

    public Object setLevel() {
        return null;
    }
}
