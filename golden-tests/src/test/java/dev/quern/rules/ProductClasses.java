package dev.quern.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;

/** The classes of all modules, without those of their tests. */
final class ProductClasses {
    static final JavaClasses ALL =
            new ClassFileImporter().withImportOption(ProductClasses::isProduct).importPackages("dev.quern");

    private ProductClasses() {}

    private static boolean isProduct(Location location) {
        return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
}
