"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { KeyProvider, ProviderKey, ProviderKeyList } from "#api/schema/provider-key.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

export function useProviderKeys() {
  return useQuery({
    queryKey: keys.providerKeys,
    queryFn: ({ signal }) => callApi<ProviderKeyList>("GET", "/provider-keys", { signal }),
    select: (list) => list.keys,
  });
}

export function useKeepProviderKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ provider, key }: { provider: KeyProvider; key: string }) =>
      callApi<ProviderKey>("PUT", `/provider-keys/${provider}`, { json: { key } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.providerKeys }),
  });
}

export function useDropProviderKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (provider: KeyProvider) => callApi<void>("DELETE", `/provider-keys/${provider}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.providerKeys }),
  });
}
