"""What the doors of `/api/v1/` share: finding, paging, bodies, the OpenAPI document. No rows of its own."""
