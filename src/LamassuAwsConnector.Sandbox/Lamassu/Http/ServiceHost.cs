using System.Net;
using System.Text;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LamassuAwsConnector.Sandbox.Lamassu.Http;

/// <summary>One Lamassu service on a port of its own.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    /// <summary>The services' write timeout: an answer that comes later is not sent.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    private static readonly string[] LoggedHeaders = ["x-lms-source", "content-type", "accept", "traceparent"];

    private readonly ServiceIdentity identity;
    private readonly IReadOnlyList<ServiceRoute> routes;
    private readonly HostServices services;
    private readonly WebApplication application;

    private ServiceHost(ServiceIdentity identity, IReadOnlyList<ServiceRoute> routes, HostServices services, IPEndPoint endpoint)
    {
        this.identity = identity;
        this.routes = routes;
        this.services = services;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel((KestrelServerOptions options) =>
        {
            options.AddServerHeader = false;
            options.Listen(endpoint);
        });
        application = builder.Build();
        application.Run(HandleAsync);
    }

    public Uri Url => ListenAddress.FromHere(application.Urls.First());

    public static async Task<ServiceHost> StartAsync(
        ServiceIdentity identity, IReadOnlyList<ServiceRoute> routes, HostServices services, IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var host = new ServiceHost(identity, routes, services, endpoint);
        await host.application.StartAsync(cancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith(identity.GatewayPrefix + "/", StringComparison.Ordinal))
        {
            path = path[identity.GatewayPrefix.Length..];
        }

        if (path.Length > 1 && path.EndsWith('/'))
        {
            context.Response.StatusCode = context.Request.Method == "GET" ? 301 : 307;
            context.Response.Headers.Location = context.Request.PathBase + context.Request.Path.Value!.TrimEnd('/') + context.Request.QueryString;
            return;
        }

        var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        var reply = path.StartsWith("/_control/", StringComparison.Ordinal)
            ? await RouteAsync(context, path, body)
            : await RouteWithFaultsAsync(context, path, body);
        if (reply is null)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        if (reply.ContentType is not null)
        {
            context.Response.ContentType = reply.ContentType;
            context.Response.ContentLength = reply.Body.Length;
            await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
    }

    private async Task<Reply?> RouteWithFaultsAsync(HttpContext context, string path, byte[] body)
    {
        var fault = services.Faults.Take(identity.Name, context.Request.Method, path);
        if (fault is { Delay.Ticks: > 0 })
        {
            await Task.Delay(fault.Delay < WriteTimeout ? fault.Delay : WriteTimeout, services.Clock.TimeProvider, context.RequestAborted);
        }

        Reply? reply = null;
        if (fault is not { Fails: true, AfterWrite: false })
        {
            reply = await RouteAsync(context, path, body);
        }

        if (fault is not null && (fault.Drop || fault.Delay >= WriteTimeout))
        {
            reply = null;
        }
        else if (fault is { Fails: true })
        {
            reply = Reply.Json(fault.Status ?? 500, fault.Body);
        }

        services.Calls.Add(new LamassuCall(
            identity.Name,
            context.Request.Method,
            context.Request.Path.ToUriComponent() + context.Request.QueryString,
            reply?.Status,
            HeadersOf(context.Request),
            Encoding.UTF8.GetString(body)));
        return reply;
    }

    private async Task<Reply?> RouteAsync(HttpContext context, string path, byte[] body)
    {
        var (route, values) = Find(context.Request.Method, path);
        if (route is null)
        {
            return Reply.NotFound;
        }

        var operation = Operation.OfRequest(identity, context.Request);
        try
        {
            return await route.Handler(new Exchange(operation, context.Request, values, body, context.RequestAborted));
        }
        catch (WireException e)
        {
            return Reply.Undecodable(e.Message);
        }
        catch (InvalidFilterException e)
        {
            return Reply.Error(400, e.Message);
        }
        catch (LamassuException e)
        {
            return route.ReplyTo(e);
        }
        catch (CrashException)
        {
            return null;
        }
        finally
        {
            // Before the answer goes out, so that whoever has it can wait for the reactions.
            services.Reactions.Take(operation.Announced);
        }
    }

    private (ServiceRoute? Route, Dictionary<string, string> Values) Find(string method, string path)
    {
        // The services route on the decoded path, so an escaped slash parts segments and leads nowhere.
        if (path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return (null, []);
        }

        var segments = path.Trim('/').Split('/');
        return routes
            .Select(route => (Route: (ServiceRoute?)route, Values: route.Match(method, segments)))
            .Where(found => found.Values is not null)
            .OrderByDescending(found => found.Route!.FixedSegments)
            .Select(found => (found.Route, found.Values!))
            .FirstOrDefault((null, []));
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request)
    {
        var headers = LoggedHeaders
            .Where(request.Headers.ContainsKey)
            .ToDictionary(name => name, name => request.Headers[name].FirstOrDefault() ?? "");
        if (request.Headers.Authorization.FirstOrDefault() is { } authorization)
        {
            headers["authorization"] = authorization.Split(' ')[0];
        }

        return headers;
    }
}
