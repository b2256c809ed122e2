/** Starts the UI: providers and nothing else. */
import "@mantine/core/styles.layer.css";
import "@fontsource-variable/inter/wght.css";
import "./app/styles.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./app/query";
import { router } from "./app/router";
import { cssVariablesResolver, theme } from "./app/theme";

const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
if (nonce) {
  // For the style that keeps the page still behind a dialog.
  setNonce(nonce);
}
const root = document.getElementById("root");

function draw(into: HTMLElement) {
  createRoot(into).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        getStyleNonce={nonce ? () => nonce : undefined}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

if (root) {
  // The mark of the start page stands until there is something to show; what fails is shown by the page itself.
  router.load().finally(() => draw(root));
}
