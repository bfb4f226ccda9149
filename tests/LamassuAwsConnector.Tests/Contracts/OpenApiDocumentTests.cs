using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>The document that the running service publishes is the one that is kept. <c>UPDATE_OPENAPI=1</c> rewrites the kept one.</summary>
public sealed class OpenApiDocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_published_document_is_the_one_that_is_kept()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var published = (await stage.Connector.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancellation))!.ToJsonString(Indented) + "\n";

        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(KeptFile(), published, Cancellation);
        }

        var kept = (await File.ReadAllTextAsync(KeptFile(), Cancellation)).Split('\n');
        foreach (var (line, index) in published.Split('\n').Select((line, index) => (line, index)))
        {
            Assert.True(index < kept.Length && kept[index] == line, $"openapi/connector.v1.json differs in line {index + 1}: published is '{line}'. UPDATE_OPENAPI=1 rewrites it.");
        }

        Assert.Equal(published.Split('\n').Length, kept.Length);
    }

    [Fact]
    public async Task Every_operation_but_health_says_that_it_needs_a_token_and_how_it_is_refused()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var document = (await stage.Connector.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancellation))!;

        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>());
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                var needsToken = !path.StartsWith("/health", StringComparison.Ordinal);
                Assert.True(needsToken == operation!["security"]?[0]?["bearer"] is not null, $"{method} {path}");
                Assert.All(new[] { "401", "403", "503" }, status => Assert.True(
                    !needsToken || operation["responses"]![status]?["$ref"] is not null, $"{method} {path} {status}"));
            }
        }
    }

    [Fact]
    public async Task Swagger_UI_is_served()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var page = await stage.Connector.GetStringAsync("/swagger/index.html", Cancellation);

        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
    }

    private static string KeptFile([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "openapi", "connector.v1.json"));
}
