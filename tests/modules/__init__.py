"""Tests that need add-ons of Odoo which ours never depend on: see tools/module_tests.py."""
