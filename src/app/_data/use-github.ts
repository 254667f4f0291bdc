"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  GitHub,
  GitHubApp,
  GitHubAppForm,
  GitHubOffers,
  NewGitHubApp,
  RepositoryChoice,
} from "#api/schema/github.ts";
import { callApi } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

export function useGitHub() {
  return useQuery({
    queryKey: keys.github,
    queryFn: ({ signal }) => callApi<GitHub>("GET", "/github", { signal }),
  });
}

/** The first hundred by name; whoever has more types the name. */
export function useGitHubOffers(enabled: boolean) {
  return useQuery({
    queryKey: keys.githubOffers,
    queryFn: ({ signal }) =>
      callApi<GitHubOffers>("GET", "/github/repositories", { query: { limit: 100 }, signal }),
    enabled,
  });
}

/** Asks GitHub itself: what was made there a moment ago is found. */
export function useLookAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<GitHub>("POST", "/github/refresh"),
    onSuccess: (github) => {
      client.setQueryData(keys.github, github);
      return client.invalidateQueries({ queryKey: keys.githubOffers });
    },
  });
}

export function useChooseRepository() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: RepositoryChoice) => callApi<GitHub>("PUT", "/github/repository", { json: choice }),
    onSuccess: (github) => client.setQueryData(keys.github, github),
  });
}

export function useDisconnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<void>("DELETE", "/github"),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.github }),
  });
}

export function useGitHubApp() {
  return useQuery({
    queryKey: keys.githubApp,
    queryFn: ({ signal }) => callApi<GitHubApp>("GET", "/github/app", { signal }),
  });
}

/** The way to GitHub begins with a form that this page posts there. */
export function useMakeApp() {
  return useMutation({
    mutationFn: (given: NewGitHubApp) => callApi<GitHubAppForm>("POST", "/github/app", { json: given }),
    onSuccess: postManifest,
  });
}

function postManifest({ action, manifest }: GitHubAppForm): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "manifest";
  field.value = manifest;
  form.append(field);
  document.body.append(form);
  form.submit();
}
