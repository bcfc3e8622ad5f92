package io.secretreg.connect.rest;

/** Marks the resource of {@code /secret/paths}, of either namespace. */
interface SecretPaths {}
