using System.Net;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>What a browser lets a page of another origin do.</summary>
public sealed class CorsTests
{
    private const string Route = "/v1/devices/x-1/register-aws";
    private const string Dashboard = "https://dashboard.example.com";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_default_no_other_origin_is_let_in()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        using var preflight = await SendAsync(stage, HttpMethod.Options, Dashboard);
        using var call = await SendAsync(stage, HttpMethod.Post, Dashboard);

        Assert.DoesNotContain(preflight.Headers.Concat(call.Headers), header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_preflight_of_a_configured_origin_needs_no_token_and_names_the_headers_and_methods()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("cors:allowed_origins:0", Dashboard));

        using var preflight = await SendAsync(stage, HttpMethod.Options, Dashboard);

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal([Dashboard], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Contains("POST", preflight.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Empty(stage.LamassuCalls());
    }

    [Fact]
    public async Task Refusals_and_failures_can_be_read_by_a_configured_origin_too()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("cors:allowed_origins:0", Dashboard));

        using var failure = await SendAsync(stage, HttpMethod.Post, Dashboard);
        stage.Connector.DefaultRequestHeaders.Authorization = null;
        using var refusal = await SendAsync(stage, HttpMethod.Post, Dashboard);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (failure.StatusCode, refusal.StatusCode));
        Assert.Equal([Dashboard], failure.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal([Dashboard], refusal.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://dashboard.example.com.evil.example.com")]
    [InlineData("http://dashboard.example.com")]
    [InlineData("null")]
    public async Task Another_origin_than_the_configured_one_is_not_let_in(string origin)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("cors:allowed_origins:0", Dashboard));

        using var preflight = await SendAsync(stage, HttpMethod.Options, origin);

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static Task<HttpResponseMessage> SendAsync(TestStage stage, HttpMethod method, string origin)
    {
        var request = new HttpRequestMessage(method, Route) { Headers = { { "Origin", origin } } };
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }

        return stage.Connector.SendAsync(request, Cancellation);
    }
}
