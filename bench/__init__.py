"""Measuring pages against floors. Never imported by the product, never a test."""
