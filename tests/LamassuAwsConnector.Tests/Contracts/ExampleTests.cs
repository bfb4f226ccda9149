using System.Net;
using System.Net.Http.Headers;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Story;
using LamassuAwsConnector.Tests.Infrastructure;
using Spectre.Console;
using static LamassuAwsConnector.Tests.Contracts.ApiStage;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>The examples of the document are ones.</summary>
public sealed class ExampleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Examples_are_as_their_schemas_say()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        var document = await ApiDocument.OfAsync(stage);

        foreach (var operation in document.Operations)
        {
            foreach (var content in operation.Node["responses"]!.AsObject().Select(response => document.Resolve(response.Value!)["content"]?["application/problem+json"]))
            {
                Assert.Empty(content is null ? [] : await document.SchemaFaultsAsync(content["schema"]!, content["example"]!.ToJsonString()));
            }

            if (operation.BodySchema is { } body)
            {
                Assert.Empty(await document.SchemaFaultsAsync(body, document.Resolve(body)["example"]!.ToJsonString()));
            }
        }
    }

    [Fact]
    public async Task Every_operation_works_with_its_examples_in_the_sandbox_as_it_starts()
    {
        var settings = new StandInSettings { IssuerKeyPem = TestStage.IssuerKey };
        await using var stage = await Stage.StartAsync(settings, port: 0, new Dictionary<string, string?> { ["logs:level"] = "none" }, Cancellation);
        using (var story = new StoryRun(stage, settings.ConnectorId, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })))
        {
            await story.PlayAsync(Cancellation);
        }

        using var client = new HttpClient { BaseAddress = stage.Connector.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.StandIns.OperatorToken());
        var document = await ApiDocument.OfAsync(client);

        // What takes something away comes last.
        foreach (var operation in document.Operations.OrderBy(operation => operation.Method == HttpMethod.Delete))
        {
            var path = operation.Parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "path").Aggregate(
                operation.Path, (at, parameter) => at.Replace($"{{{parameter["name"]}}}", parameter["example"]!.GetValue<string>(), StringComparison.Ordinal));
            var query = string.Join('&', operation.Parameters
                .Where(parameter => parameter["in"]!.GetValue<string>() == "query" && parameter["example"] is not null)
                .Select(parameter => $"{parameter["name"]}={parameter["example"]}"));
            using var request = new HttpRequestMessage(operation.Method, $"{path}?{query}")
            {
                Content = operation.BodySchema is { } body ? Json(document.Resolve(body)["example"]!.ToJsonString()) : null,
            };
            using var response = await client.SendAsync(request, Cancellation);

            // No event has been given up there.
            Assert.True(
                response.IsSuccessStatusCode || (operation.Id == "deleteDeadLetter" && response.StatusCode == HttpStatusCode.NotFound),
                $"{operation.Id}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        }
    }
}
