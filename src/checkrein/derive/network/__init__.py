"""What a function's packets can do: subnets, routes, security groups, network ACLs, endpoints."""
